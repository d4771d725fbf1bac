//! A request's body that refuses to leave once the call's fence has closed.

use crate::boot::Fence;
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use std::pin::Pin;
use std::task::{Context, Poll};

/// A body in one piece. The connection asks for it when it is about to write.
#[derive(Debug)]
pub struct FencedBody {
    data: Option<Bytes>,
    fence: Fence,
}

/// The fence closed between connecting and writing.
#[derive(Debug, thiserror::Error)]
#[error("too late to send")]
pub struct TooLate;

impl FencedBody {
    pub fn new(data: Vec<u8>, fence: Fence) -> Self {
        Self { data: Some(Bytes::from(data)).filter(|data| !data.is_empty()), fence }
    }
}

impl Body for FencedBody {
    type Data = Bytes;
    type Error = TooLate;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TooLate>>> {
        Poll::Ready(
            self.data.take().map(
                |data| {
                    if self.fence.is_closed() { Err(TooLate) } else { Ok(Frame::data(data)) }
                },
            ),
        )
    }

    fn is_end_stream(&self) -> bool {
        self.data.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.data.as_ref().map_or(0, |data| data.len() as u64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn first_frame(limit: Duration) -> Option<Result<Frame<Bytes>, TooLate>> {
        let mut body = FencedBody::new(b"amount=1".to_vec(), Fence::closing_in(limit));
        assert_eq!(body.size_hint().exact(), Some(8));
        match Pin::new(&mut body).poll_frame(&mut Context::from_waker(std::task::Waker::noop())) {
            Poll::Ready(frame) => frame,
            Poll::Pending => panic!("a body in one piece never waits"),
        }
    }

    #[test]
    fn a_body_leaves_in_time_or_not_at_all() {
        assert!(matches!(first_frame(Duration::from_secs(30)), Some(Ok(_))));
        assert!(matches!(first_frame(Duration::ZERO), Some(Err(TooLate))));
    }
}
