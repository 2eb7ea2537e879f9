//! The stream of live events (server-sent events): kept open, opened again when it breaks.

use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;
use wijkboek_sync::{Backoff, CallError};

use super::http::Http;

/// What the stream tells the driver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Live {
    /// It is open, or no longer.
    Open(bool),
    /// The log has grown to this number.
    Head(u64),
}

/// Follows the stream until the task is dropped or the driver is gone.
pub(super) async fn follow(
    http: Http,
    token: String,
    silence_max: Duration,
    mut backoff: Backoff,
    tell: UnboundedSender<Live>,
) {
    loop {
        if let Err(error) = read(&http, &token, silence_max, &mut backoff, &tell).await {
            tracing::debug!(?error, "the live events stopped");
        }
        if tell.send(Live::Open(false)).is_err() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(backoff.next_ms())).await;
    }
}

/// Reads one stream to its end.
async fn read(
    http: &Http,
    token: &str,
    silence_max: Duration,
    backoff: &mut Backoff,
    tell: &UnboundedSender<Live>,
) -> Result<(), CallError> {
    let mut stream = http.events(token).await?;
    let mut lines = Lines::default();
    if tell.send(Live::Open(true)).is_err() {
        return Ok(());
    }
    loop {
        // The server sends a comment now and then, so that silence means a broken connection.
        let chunk = tokio::time::timeout(silence_max, stream.chunk())
            .await
            .map_err(|_| CallError::Timeout)?
            .map_err(|_| CallError::Offline)?;
        let Some(chunk) = chunk else { return Ok(()) };
        backoff.reset();
        for head in lines.feed(&chunk) {
            if tell.send(Live::Head(head)).is_err() {
                return Ok(());
            }
        }
    }
}

/// Reads the event stream format (HTML standard, section 9.2), as far as it is used here.
#[derive(Debug, Default)]
struct Lines {
    line: Vec<u8>,
    event: Vec<u8>,
    data: Vec<u8>,
}

impl Lines {
    /// The heads announced by what has arrived.
    fn feed(&mut self, bytes: &[u8]) -> Vec<u64> {
        let mut heads = Vec::new();
        for byte in bytes {
            match byte {
                b'\n' => heads.extend(self.end_of_line()),
                b'\r' => {}
                // What is longer than any line of ours is cut, and then means nothing.
                byte if self.line.len() < LINE_BYTES_MAX => self.line.push(*byte),
                _ => {}
            }
        }
        heads
    }

    fn end_of_line(&mut self) -> Option<u64> {
        let line = std::mem::take(&mut self.line);
        if line.is_empty() {
            let event = std::mem::take(&mut self.event);
            let data = std::mem::take(&mut self.data);
            return if event == b"head" {
                std::str::from_utf8(&data).ok()?.trim().parse().ok()
            } else {
                None
            };
        }
        let colon = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
        let (name, rest) = line.split_at(colon);
        let value = rest.strip_prefix(b":").unwrap_or(rest);
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match name {
            b"event" => self.event = value.to_vec(),
            b"data" => self.data = value.to_vec(),
            _ => {}
        }
        None
    }
}

const LINE_BYTES_MAX: usize = 1_024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_found_however_the_bytes_are_cut() {
        let stream = b": hello\n\nevent: head\ndata: 7\n\nevent:head\r\ndata:8\r\n\r\n\
            event: other\ndata: 9\n\ndata: 10\n\nid: 3\nevent: head\ndata: x\n\n";
        for size in 1..stream.len() {
            let mut lines = Lines::default();
            let heads: Vec<u64> = stream.chunks(size).flat_map(|cut| lines.feed(cut)).collect();
            assert_eq!(heads, [7, 8], "in pieces of {size}");
        }
    }

    #[test]
    fn an_endless_line_is_not_kept() {
        let mut lines = Lines::default();
        for _ in 0..100 {
            assert!(lines.feed(&[b'x'; 1_000]).is_empty());
        }
        assert!(lines.line.len() <= LINE_BYTES_MAX);
        assert_eq!(lines.feed(b"\nevent: head\ndata: 5\n\n"), [5]);
    }
}
