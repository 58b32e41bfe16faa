//! A text as a QR code, drawn as SVG and as PNG.

use std::io::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use flate2::{Compression, Crc, write::ZlibEncoder};
use qrcodegen::{QrCode, QrCodeEcc};

use crate::error::{Error, Result};

/// Modules left white around the code, as the standard wants.
const QUIET: i32 = 4;
/// Pixels of a module.
const SCALE: usize = 6;
/// With what a PNG file begins.
const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// The code as an SVG document, one unit for each module.
pub(super) fn svg(text: &str) -> Result<String> {
    let code = encode(text)?;
    let size = code.size() + 2 * QUIET;
    let dark: String = (0..code.size())
        .flat_map(|y| (0..code.size()).map(move |x| (x, y)))
        // Where a run of dark modules begins.
        .filter(|(x, y)| code.get_module(*x, *y) && !code.get_module(x - 1, *y))
        .map(|(x, y)| {
            let run = (x..code.size()).take_while(|x| code.get_module(*x, y)).count();
            format!("M{},{}h{run}v1h-{run}z", x + QUIET, y + QUIET)
        })
        .collect();
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size} {size}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0,0h{size}v{size}h-{size}z\"/><path d=\"{dark}\"/></svg>"
    ))
}

/// The code as a PNG picture, in base64.
pub(super) fn png(text: &str) -> Result<String> {
    let code = encode(text)?;
    let modules = code.size() + 2 * QUIET;
    let row = |y: i32| {
        let pixels: Vec<bool> =
            (0..modules).flat_map(|x| std::iter::repeat_n(code.get_module(x - QUIET, y - QUIET), SCALE)).collect();
        let byte = |eight: &[bool]| {
            let bits = eight.iter().zip((0..8).rev());
            // White is one; what is left over at the end of a row is white too.
            bits.fold(0xff_u8, |byte, (dark, place)| byte & !(u8::from(*dark) << place))
        };
        // Each row begins with how it is filtered: not at all.
        let row: Vec<u8> = std::iter::once(0).chain(pixels.chunks(8).map(byte)).collect();
        row.repeat(SCALE)
    };
    let pixels: Vec<u8> = (0..modules).flat_map(row).collect();
    let width = u32::try_from(modules).map_err(Error::internal)? * u32::try_from(SCALE).map_err(Error::internal)?;
    // One bit of grey for each pixel, no interlacing.
    let header = [&width.to_be_bytes()[..], &width.to_be_bytes(), &[1, 0, 0, 0, 0]].concat();
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
    zlib.write_all(&pixels).map_err(Error::internal)?;
    let packed = zlib.finish().map_err(Error::internal)?;
    let picture = [SIGNATURE.to_vec(), chunk(*b"IHDR", &header)?, chunk(*b"IDAT", &packed)?, chunk(*b"IEND", &[])?];
    Ok(STANDARD.encode(picture.concat()))
}

/// A chunk of a PNG file: how long it is, its name, what is in it, and a check sum.
fn chunk(name: [u8; 4], data: &[u8]) -> Result<Vec<u8>> {
    let length = u32::try_from(data.len()).map_err(Error::internal)?;
    let mut sum = Crc::new();
    sum.update(&name);
    sum.update(data);
    Ok([&length.to_be_bytes(), &name[..], data, &sum.sum().to_be_bytes()].concat())
}

fn encode(text: &str) -> Result<QrCode> {
    QrCode::encode_text(text, QrCodeEcc::Medium).map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, io::Read as _};

    use flate2::read::ZlibDecoder;

    use super::*;

    /// What is drawn is the code: every module of it, and white around it.
    #[test]
    fn both_pictures_show_the_code() {
        let text = "eyJ0eXAiOiJjaGVjay1pbitqd3QifQ.e30.AAAA";
        let code = encode(text).unwrap();
        let drawing = svg(text).unwrap();
        let bytes = STANDARD.decode(png(text).unwrap()).unwrap();
        assert_eq!(&bytes[..8], SIGNATURE);
        let side = u32::from_be_bytes(bytes[16..20].try_into().unwrap());
        assert_eq!(side, u32::try_from((code.size() + 8) * 6).unwrap());
        let length = u32::from_be_bytes(bytes[33..37].try_into().unwrap()) as usize;
        assert_eq!(&bytes[37..41], b"IDAT");
        let mut pixels = Vec::new();
        ZlibDecoder::new(&bytes[41..41 + length]).read_to_end(&mut pixels).unwrap();
        let side = side as usize;
        let stride = side.div_ceil(8) + 1;
        assert_eq!(pixels.len(), stride * side);
        for y in 0..side {
            for x in 0..side {
                let dark = pixels[y * stride + 1 + x / 8] >> (7 - x % 8) & 1 == 0;
                let (column, line) = (i32::try_from(x / 6).unwrap() - 4, i32::try_from(y / 6).unwrap() - 4);
                assert_eq!(dark, code.get_module(column, line), "{x} {y}");
            }
        }
        let (_, path) = drawing.rsplit_once(" d=\"").unwrap();
        let runs = path.split('M').skip(1).flat_map(|run| {
            let (at, run) = run.split_once('h').unwrap();
            let (x, y) = at.split_once(',').unwrap();
            let [x, y, length]: [i32; 3] = [x, y, run.split_once('v').unwrap().0].map(|number| number.parse().unwrap());
            (x..x + length).map(move |x| (x - 4, y - 4))
        });
        let drawn: BTreeSet<(i32, i32)> = runs.collect();
        let all = (0..code.size()).flat_map(|y| (0..code.size()).map(move |x| (x, y)));
        assert_eq!(drawn, all.filter(|(x, y)| code.get_module(*x, *y)).collect());
    }
}
