//! Servers that real ones talk to: one that takes mail, and a directory in which nobody is.

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// Takes all mail and forgets it. Gives its port.
pub(crate) async fn mail() -> std::io::Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(take_mail(stream));
        }
    });
    Ok(port)
}

async fn take_mail(stream: TcpStream) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 sink\r\n").await?;
    let (mut line, mut in_message) = (String::new(), false);
    while stream.read_line(&mut line).await? > 0 {
        let word = line.trim_end().to_ascii_uppercase();
        line.clear();
        let answer: &[u8] = match word.as_str() {
            "." if in_message => {
                in_message = false;
                b"250 ok\r\n"
            }
            _ if in_message => continue,
            "DATA" => {
                in_message = true;
                b"354 go on\r\n"
            }
            "QUIT" => return stream.write_all(b"221 bye\r\n").await,
            _ => b"250 ok\r\n",
        };
        stream.write_all(answer).await?;
    }
    Ok(())
}

/// A directory (LDAP, RFC 4511) that lets everybody in and finds nobody. Gives its port.
pub(crate) async fn directory() -> std::io::Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer_searches(stream));
        }
    });
    Ok(port)
}

const BIND: u8 = 0x60;
const UNBIND: u8 = 0x42;
const SEARCH: u8 = 0x63;
const ENTRY: u8 = 0x64;

async fn answer_searches(mut stream: TcpStream) -> std::io::Result<()> {
    loop {
        let (_, message) = read(&mut stream).await?;
        // a message is its number and the request
        let Some((number, request)) = message.get(1).and_then(|n| message.split_at_checked(2 + usize::from(*n))) else {
            return Ok(());
        };
        let done = ber(0x0a, &[&[0]]);
        let done = [done.as_slice(), &ber(0x04, &[]), &ber(0x04, &[])].concat();
        let mut answer = Vec::new();
        match request.first() {
            Some(&BIND) => answer = ber(0x30, &[number, &ber(0x61, &[&done])]),
            Some(&SEARCH) => {
                // the entry of the directory itself is asked for by an empty name
                if request.windows(4).take(4).any(|w| w == [0x04, 0x00, 0x0a, 0x01]) {
                    let controls = ber(0x31, &[&ber(0x04, &[b"1.2.840.113556.1.4.319"])]);
                    let attribute = ber(0x30, &[&ber(0x04, &[b"supportedControl"]), &controls]);
                    let entry = ber(ENTRY, &[&ber(0x04, &[]), &ber(0x30, &[&attribute])]);
                    answer.extend(ber(0x30, &[number, &entry]));
                }
                answer.extend(ber(0x30, &[number, &ber(0x65, &[&done])]));
            }
            Some(&UNBIND) | None => return Ok(()),
            Some(_) => {}
        }
        stream.write_all(&answer).await?;
    }
}

/// One element of BER: its tag and what is in it.
async fn read(stream: &mut TcpStream) -> std::io::Result<(u8, Vec<u8>)> {
    let tag = stream.read_u8().await?;
    let mut length = usize::from(stream.read_u8().await?);
    if length > 0x80 {
        let bytes = length - 0x80;
        length = 0;
        for _ in 0..bytes.min(3) {
            length = length << 8 | usize::from(stream.read_u8().await?);
        }
    }
    let mut content = vec![0; length.min(1 << 20)];
    stream.read_exact(&mut content).await?;
    Ok((tag, content))
}

/// An element of BER, of less than 128 bytes.
fn ber(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let length = u8::try_from(content.len()).unwrap_or(0x7f).min(0x7f);
    [&[tag, length], content.as_slice()].concat()
}
