use super::*;

fn cut(chunks: &[&[u8]]) -> Vec<String> {
    let mut frames = Frames::default();
    let mut found = Vec::new();
    let drain = |frames: &mut Frames, found: &mut Vec<String>| {
        while let Some(frame) = frames.next().unwrap() {
            if let Frame::Data { bytes, error } = frame {
                found.push(format!("{}{}", if error { "!" } else { "" }, String::from_utf8_lossy(bytes)));
            }
        }
    };
    for chunk in chunks {
        frames.push(chunk);
        drain(&mut frames, &mut found);
    }
    frames.close();
    drain(&mut frames, &mut found);
    found
}

fn cut_anywhere(wire: &str, expected: &[&str]) {
    for size in 1..=wire.len() {
        let chunks: Vec<&[u8]> = wire.as_bytes().chunks(size).collect();
        assert_eq!(cut(&chunks), expected, "{wire} in chunks of {size}");
    }
}

#[test]
fn events_are_cut_at_any_byte_and_any_line_end() {
    let wire = "\u{feff}: hello\r\ndata: {\"a\":\r\ndata:\"é\"}\r\n\r\nid: 4\nevent: x\ndata: 2\n\n\
                retry: 10\rdata: 3\r\rdata:\n\ndata\n\n";
    cut_anywhere(wire, &["{\"a\":\n\"é\"}", "2", "3"]);
}

#[test]
fn objects_are_cut_however_they_are_laid_out() {
    cut_anywhere("{}\r\n\n {\"a\":1}\n[DONE]\n", &["{}", "{\"a\":1}", "[DONE]"]);
    cut_anywhere(
        "[{\n  \"a\": \"}\\\"{\"\n}\n,\n{\"b\": {}}]\n",
        &["{\n  \"a\": \"}\\\"{\"\n}", "{\"b\": {}}"],
    );
    cut_anywhere("{\"a\":1}{\"b\":2}", &["{\"a\":1}", "{\"b\":2}"]);
    cut_anywhere("{\"a\":\n{\"b\":2}\ndata: {}\n\n", &["{\"b\":2}", "{}"]);
}

#[test]
fn events_without_a_line_between_them_are_told_apart_and_errors_are_called_so() {
    cut_anywhere("data: {\"a\":1}\ndata: {\"b\":2}\ndata: [DONE]\n", &["{\"a\":1}", "{\"b\":2}", "[DONE]"]);
    cut_anywhere("event: error\ndata: {}\n\ndata: 1\n\n", &["!{}", "1"]);
}

#[test]
fn a_comment_and_a_blank_line_are_signs_of_life() {
    let mut frames = Frames::default();
    frames.push(b": PROCESSING\n\n: PROCESSING\n\n");
    assert_eq!(frames.next(), Ok(Some(Frame::Quiet)));
    assert_eq!(frames.next(), Ok(None));
    frames.push(b"\n");
    assert_eq!(frames.next(), Ok(Some(Frame::Quiet)));
}

#[test]
fn a_last_frame_without_its_line_end_counts_if_whole() {
    cut_anywhere("data: {\"a\":1}", &["{\"a\":1}"]);
    cut_anywhere("data: [DONE]\n", &["[DONE]"]);
    cut_anywhere("data: {\"a\":", &[]);
    cut_anywhere("{\"a\":1}", &["{\"a\":1}"]);
    cut_anywhere("{\"a\"", &[]);
}

#[test]
fn neither_a_line_nor_an_event_grows_without_bound() {
    let mut frames = Frames::default();
    frames.push(&vec![b'x'; LONGEST_FRAME]);
    assert_eq!(frames.next(), Ok(None));
    frames.push(b"xx");
    assert_eq!(frames.next(), Err(TooLong));

    let mut frames = Frames::default();
    let line = [b"data: ".as_slice(), &vec![b'x'; 1 << 19], b"\n"].concat();
    frames.push(&line);
    assert_eq!(frames.next(), Ok(None));
    frames.push(&line);
    assert_eq!(frames.next(), Err(TooLong));
}

#[test]
fn what_is_no_event_is_kept_for_the_error() {
    let mut frames = Frames::default();
    frames.push(b"<html>\nBad: day</html>\n");
    assert_eq!(frames.next(), Ok(None));
    assert_eq!(frames.stray(), b"<html>\nBad: day</html>\n");
}
