//! A sheet as SVG.

use super::lettering::{Align, Label, Setter};
use super::sheet::{Picture, Sheet, UNIT};
use super::{Figure, PlotError, Size};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use plotters::backend::SVGBackend;
use plotters::drawing::IntoDrawingArea;

/// The figure as an SVG document.
///
/// # Errors
/// An error of plotters or of the encoder of pictures.
pub fn render(figure: &impl Figure, size: Size) -> Result<Vec<u8>, PlotError> {
    let mut drawn = String::new();
    let failed = |error: &dyn std::fmt::Display| PlotError(error.to_string());
    let (labels, pictures) = {
        let units = (size.width() * UNIT, size.height() * UNIT);
        let area = SVGBackend::with_string(&mut drawn, units).into_drawing_area();
        let mut sheet = Sheet::new(area, size, Setter::Viewer)?;
        figure.draw(&mut sheet).map_err(|error| failed(&error))?;
        sheet.shapes().present().map_err(|error| failed(&error))?;
        let (labels, pictures, _) = sheet.into_parts();
        (labels, pictures)
    };
    // plotters' own first and last line give a size in units; shapes are scaled down to points instead,
    // so that letters and pictures can be placed in points.
    let shapes = drawn
        .split_once('\n')
        .and_then(|(_, rest)| rest.rsplit_once("</svg>"))
        .map_or("", |(shapes, _)| shapes);
    let (width, height) = (size.width(), size.height());
    let mut document = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\">\n<g transform=\"scale({})\">\n{shapes}</g>\n",
        1.0 / f64::from(UNIT)
    );
    for picture in &pictures {
        document.push_str(&image(picture)?);
    }
    document.push_str("<g font-family=\"Ubuntu, sans-serif\">\n");
    for label in &labels {
        document.push_str(&text(label));
    }
    document.push_str("</g>\n</svg>\n");
    Ok(document.into_bytes())
}

fn text(label: &Label) -> String {
    let lettering = &label.lettering;
    let anchor = match lettering.align {
        Align::Left => "",
        Align::Center => " text-anchor=\"middle\"",
        Align::Right => " text-anchor=\"end\"",
    };
    let weight = if lettering.bold {
        " font-weight=\"bold\""
    } else {
        ""
    };
    format!(
        "<text x=\"{:.2}\" y=\"{:.2}\" font-size=\"{}\" fill=\"{}\"{anchor}{weight}>{}</text>\n",
        label.at.0,
        label.at.1,
        lettering.em,
        lettering.color.hex(),
        escaped(&label.text)
    )
}

/// Text for XML; control characters are out already.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

fn image(picture: &Picture) -> Result<String, PlotError> {
    let png = super::bitmap::encode(
        &picture.pixels,
        picture.width,
        picture.height,
        match picture.channels {
            3 => png::ColorType::Rgb,
            _ => png::ColorType::Grayscale,
        },
    )?;
    Ok(format!(
        "<image x=\"{:.2}\" y=\"{:.2}\" width=\"{:.2}\" height=\"{:.2}\" preserveAspectRatio=\"none\" \
         style=\"image-rendering:pixelated\" href=\"data:image/png;base64,{}\"/>\n",
        picture.at.0,
        picture.at.1,
        picture.size.0,
        picture.size.1,
        STANDARD.encode(png)
    ))
}
