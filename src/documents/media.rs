//! What a file is, by its bytes and never by its name.

/// A kind of file that is accepted: what people scan and write, nothing that a browser would run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// A document as printed.
    Pdf,
    /// A picture without loss.
    Png,
    /// A photograph or a scan.
    Jpeg,
    /// A scan, as archives keep it.
    Tiff,
    /// A document as printed, of the Chinese standard GB/T 33190 版式文件.
    Ofd,
    /// A text of an office program.
    Docx,
    /// A table of an office program.
    Xlsx,
}

const ALL: [Media; 7] = [Media::Pdf, Media::Png, Media::Jpeg, Media::Tiff, Media::Ofd, Media::Docx, Media::Xlsx];
/// The first bytes of an archive that is not empty.
const ZIP: &[u8] = b"PK\x03\x04";
/// The end of an archive: 22 bytes, and a comment of up to 65,535.
const END: &[u8] = b"PK\x05\x06";
const END_LENGTH: usize = 22;
/// How an entry of an archive's directory begins, and how long it is without its name.
const ENTRY: &[u8] = b"PK\x01\x02";
const ENTRY_LENGTH: usize = 46;
/// The most bytes of an archive's directory that are looked at.
const LARGEST_DIRECTORY: u64 = 1 << 20;

/// How many bytes of a file's beginning tell what it is.
pub(super) const HEAD: u64 = 8;
/// How many bytes of an archive's end tell where its directory is.
pub(super) const TAIL: u64 = END_LENGTH as u64 + 65_535;

impl Media {
    /// The name by which programs know it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Tiff => "image/tiff",
            Self::Ofd => "application/ofd",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    /// How file names of this kind end, the usual one first.
    #[must_use]
    pub fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &[".pdf"],
            Self::Png => &[".png"],
            Self::Jpeg => &[".jpg", ".jpeg"],
            Self::Tiff => &[".tif", ".tiff"],
            Self::Ofd => &[".ofd"],
            Self::Docx => &[".docx"],
            Self::Xlsx => &[".xlsx"],
        }
    }

    /// The kind with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        ALL.into_iter().find(|media| media.name().eq_ignore_ascii_case(name.trim()))
    }

    /// Every name, for messages.
    #[must_use]
    pub fn list() -> String {
        ALL.map(Self::name).join(", ")
    }

    /// By a file's first bytes; `None` for what is not accepted and for archives, whose directory says more.
    pub(super) fn of_head(head: &[u8]) -> Option<Self> {
        const HEADS: [(&[u8], Media); 5] = [
            (b"%PDF-", Media::Pdf),
            (b"\x89PNG\r\n\x1a\n", Media::Png),
            (b"\xff\xd8\xff", Media::Jpeg),
            (b"II*\0", Media::Tiff),
            (b"MM\0*", Media::Tiff),
        ];
        HEADS.into_iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, media)| media)
    }

    /// By the names in an archive's directory; nothing with macros.
    pub(super) fn of_directory(directory: &[u8]) -> Option<Self> {
        let names = names(directory)?;
        let has = |wanted: &str| names.iter().any(|name| name.as_slice() == wanted.as_bytes());
        let within = |folder: &str| names.iter().any(|name| name.starts_with(folder.as_bytes()));
        if names.iter().any(|name| name.to_ascii_lowercase().ends_with(b"vbaproject.bin")) {
            return None;
        }
        match (has("[Content_Types].xml"), within("word/"), within("xl/")) {
            (true, true, false) => Some(Self::Docx),
            (true, false, true) => Some(Self::Xlsx),
            (false, false, false) if has("OFD.xml") => Some(Self::Ofd),
            _ => None,
        }
    }
}

/// Whether a file begins as archives do.
pub(super) fn is_archive(head: &[u8]) -> bool {
    head.starts_with(ZIP)
}

/// Where an archive's directory stands in a file of `length` bytes, by its last bytes.
pub(super) fn directory(tail: &[u8], length: u64) -> Option<std::ops::Range<u64>> {
    let end = (0..=tail.len().checked_sub(END_LENGTH)?).rev().find(|at| tail[*at..].starts_with(END))?;
    let size = u64::from(number(tail, end + 12)?);
    let start = u64::from(number(tail, end + 16)?);
    (size <= LARGEST_DIRECTORY && start + size <= length).then_some(start..start + size)
}

/// The names of an archive's entries; `None` when the directory is not one.
fn names(mut directory: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut names = Vec::new();
    while !directory.is_empty() {
        if !directory.starts_with(ENTRY) {
            return None;
        }
        let lengths =
            [28, 30, 32].map(|at| directory.get(at..at + 2).map(|two| usize::from(two[0]) | usize::from(two[1]) << 8));
        let [Some(name), Some(extra), Some(comment)] = lengths else { return None };
        names.push(directory.get(ENTRY_LENGTH..ENTRY_LENGTH + name)?.to_vec());
        directory = directory.get(ENTRY_LENGTH + name + extra + comment..)?;
    }
    Some(names)
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An archive with empty entries of these names.
    pub(super) fn archive(names: &[&str]) -> Vec<u8> {
        let mut file = Vec::new();
        let mut directory = Vec::new();
        for name in names {
            let length = u16::try_from(name.len()).unwrap().to_le_bytes();
            let start = u32::try_from(file.len()).unwrap().to_le_bytes();
            file.extend([ZIP, &[0; 22], &length, &[0; 2], name.as_bytes()].concat());
            directory.extend([ENTRY, &[0; 24], &length, &[0; 12], &start, name.as_bytes()].concat());
        }
        let (size, start) = (u32::try_from(directory.len()).unwrap(), u32::try_from(file.len()).unwrap());
        file.extend(&directory);
        file.extend([END, &[0; 8], &size.to_le_bytes(), &start.to_le_bytes(), &[0; 2]].concat());
        file
    }

    fn kind(names: &[&str]) -> Option<Media> {
        let file = archive(names);
        let directory = directory(&file, file.len() as u64)?;
        Media::of_directory(&file[usize::try_from(directory.start).unwrap()..usize::try_from(directory.end).unwrap()])
    }

    #[test]
    fn archives_are_known_by_what_is_in_them() {
        assert_eq!(kind(&["[Content_Types].xml", "_rels/.rels", "word/document.xml"]), Some(Media::Docx));
        assert_eq!(kind(&["docProps/app.xml", "xl/workbook.xml", "[Content_Types].xml"]), Some(Media::Xlsx));
        assert_eq!(kind(&["OFD.xml", "Doc_0/Document.xml"]), Some(Media::Ofd));
        for names in [
            &["[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"][..],
            &["[Content_Types].xml", "ppt/presentation.xml"],
            &["word/document.xml"],
            &["setup.exe"],
            &[],
        ] {
            assert_eq!(kind(names), None, "{names:?}");
        }
    }

    #[test]
    fn what_is_not_an_archive_is_none_and_never_a_panic() {
        let good = archive(&["[Content_Types].xml", "word/document.xml"]);
        for length in 0..good.len() {
            let cut = &good[..length];
            assert_eq!(directory(cut, length as u64), None, "{length}");
            let _ = Media::of_directory(cut);
        }
        let mut far = good.clone();
        let at = far.len() - 6;
        far[at..at + 4].fill(0xff);
        assert_eq!(directory(&far, far.len() as u64), None);
        assert_eq!(Media::of_directory(b"PK\x01\x02"), None);
    }

    #[test]
    fn pictures_and_prints_are_known_by_their_first_bytes() {
        assert_eq!(Media::of_head(b"%PDF-1.7"), Some(Media::Pdf));
        assert_eq!(Media::of_head(b"\x89PNG\r\n\x1a\n"), Some(Media::Png));
        assert_eq!(Media::of_head(b"\xff\xd8\xff\xe0\0\x10JF"), Some(Media::Jpeg));
        assert_eq!(Media::of_head(b"MM\0*\0\0\0\x08"), Some(Media::Tiff));
        for head in [&b"<svg xml"[..], b"<html><s", b"MZ\x90\0", b" %PDF-1.", b"", b"PK\x03\x04"] {
            assert_eq!(Media::of_head(head), None);
        }
    }
}
