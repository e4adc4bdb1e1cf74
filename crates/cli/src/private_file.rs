//! Files that only their owner can read, and of which nobody meets half.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// Has `fill` fill what `-o` names: a file as [`write()`] does, and what is no file, such as a pipe or `/dev/stdout`, itself.
pub(crate) fn output<T, E>(
    file: &Path,
    cannot: impl Fn(io::Error) -> E,
    fill: impl FnOnce(&mut File) -> Result<T, E>,
) -> Result<T, E> {
    if std::fs::metadata(file).is_ok_and(|there| !there.is_file()) {
        return fill(&mut OpenOptions::new().write(true).open(file).map_err(cannot)?);
    }
    write(file, cannot, fill)
}

/// Has `fill` fill a file beside, which then takes the place of `file`, or of what that leads to as a link. Where something goes
/// wrong, `file` is as it was.
///
/// `cannot` turns an error of the file system into the caller's words.
pub(crate) fn write<T, E>(
    file: &Path,
    cannot: impl Fn(io::Error) -> E,
    fill: impl FnOnce(&mut File) -> Result<T, E>,
) -> Result<T, E> {
    let led = std::fs::canonicalize(file);
    let file = led.as_deref().unwrap_or(file);
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    let beside = file.with_file_name(name);
    // what an earlier process of this number left there may be open to others
    std::fs::remove_file(&beside).ok();
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = options.open(&beside).map_err(&cannot)?;
    let written = fill(&mut out).and_then(|done| std::fs::rename(&beside, file).map_err(&cannot).map(|()| done));
    written.inspect_err(|_| drop(std::fs::remove_file(&beside)))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    #[cfg(unix)]
    fn what_is_no_file_is_written_to() {
        let (mut from, to) = io::pipe().unwrap();
        let pipe = format!("/proc/self/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&to));
        if Path::new("/proc/self").exists() {
            output(Path::new(&pipe), |e| e, |out| out.write_all(b"through")).unwrap();
            let mut read = [0; 7];
            io::Read::read_exact(&mut from, &mut read).unwrap();
            assert_eq!(&read, b"through");
        }
        output(Path::new("/dev/null"), |e| e, |out| out.write_all(b"x")).unwrap();
        assert!(!std::fs::metadata("/dev/null").unwrap().is_file());
    }

    #[test]
    fn a_file_is_whole_or_as_it_was() {
        let folder = std::env::temp_dir().join(format!("cloakroom-private-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join("file");
        write(&file, |e| e, |out| out.write_all(b"one")).unwrap();
        let broken = write(&file, |e| e, |out| out.write_all(b"tw").and(Err::<(), _>(io::Error::other("full"))));
        assert_eq!(broken.unwrap_err().to_string(), "full");
        assert_eq!(std::fs::read(&file).unwrap(), b"one");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        }
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1, "nothing is left beside");
        #[cfg(unix)]
        {
            let link = folder.join("link");
            std::os::unix::fs::symlink(&file, &link).unwrap();
            write(&link, |e| e, |out| out.write_all(b"three")).unwrap();
            assert!(link.is_symlink() && std::fs::read(&file).unwrap() == b"three");
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
