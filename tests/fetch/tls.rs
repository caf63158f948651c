//! HTTPS: a server without a valid certificate is refused.

use crate::{content, folder, names, options, run, set};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::Read;
use std::net::TcpListener;
use std::sync::Arc;

#[test]
fn a_certificate_that_nobody_vouches_for_is_refused() {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key.into())
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let served = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let connection = ServerConnection::new(Arc::new(config)).unwrap();
        let mut byte = [0];
        StreamOwned::new(connection, stream).read(&mut byte).is_ok()
    });
    let dir = folder();
    let mut files = set(&content(), &[]);
    files.mirrors = vec![format!("https://localhost:{port}/")];
    let (outcome, _) = run(&files, &options(dir.path()));
    let error = outcome.unwrap_err().to_string();
    assert!(error.contains("certificate"), "{error}");
    assert!(!served.join().unwrap(), "a request was sent all the same");
    assert!(names(dir.path()).is_empty());
}
