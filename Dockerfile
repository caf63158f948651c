# The program alone in an empty image: docker build -t fmnist-tui . && docker run --rm -it fmnist-tui
#
# Runs and fetched data stay if a folder is mounted: -v "$PWD:/work"
FROM rust:1.95-alpine AS build
RUN apk add --no-cache build-base
WORKDIR /source
COPY . .
ENV CARGO_PROFILE_RELEASE_STRIP=symbols CARGO_PROFILE_RELEASE_DEBUG=0
RUN cargo build --release --locked --bin fmnist-tui

FROM scratch
COPY --from=build /source/target/release/fmnist-tui /fmnist-tui
COPY LICENSE /LICENSE
ENV HOME=/work LANG=C.UTF-8 TERM=xterm-256color COLORTERM=truecolor
WORKDIR /work
ENTRYPOINT ["/fmnist-tui"]
