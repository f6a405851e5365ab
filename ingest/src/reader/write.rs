//! Writes a PDF.

use pdf_oxide::object::Object;

/// A file of these objects, numbered from 1, of which the first is the catalog.
pub(super) fn file<'a>(objects: impl Iterator<Item = &'a Object>) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for (object, number) in objects.zip(1_u32..) {
        places.push(file.len());
        file.extend(format!("{number} 0 obj\n").bytes());
        write(object, &mut file);
        file.extend(b"\nendobj\n");
    }
    let table = file.len();
    let size = places.len() + 1;
    file.extend(format!("xref\n0 {size}\n0000000000 65535 f \n").bytes());
    for place in places {
        file.extend(format!("{place:010} 00000 n \n").bytes());
    }
    file.extend(format!("trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n").bytes());
    file
}

fn write(object: &Object, file: &mut Vec<u8>) {
    match object {
        Object::Null => file.extend(b"null"),
        Object::Boolean(value) => file.extend(value.to_string().bytes()),
        Object::Integer(value) => file.extend(value.to_string().bytes()),
        Object::Real(value) if value.is_finite() => file.extend(value.to_string().bytes()),
        Object::Real(_) => file.push(b'0'),
        Object::String(bytes) => {
            file.push(b'<');
            file.extend(hex::encode(bytes).bytes());
            file.push(b'>');
        }
        Object::Name(value) => name(value, file),
        Object::Array(items) => {
            file.push(b'[');
            for item in items {
                write(item, file);
                file.push(b' ');
            }
            file.push(b']');
        }
        Object::Dictionary(entries) => dict(entries.iter(), None, file),
        Object::Stream { dict: entries, data } => {
            let entries = entries.iter().filter(|(name, _)| *name != "Length");
            dict(entries, Some(data.len()), file);
            file.extend(b"\nstream\n");
            file.extend_from_slice(data);
            file.extend(b"\nendstream");
        }
        Object::Reference(reference) => {
            file.extend(format!("{} {} R", reference.id, reference.r#gen).bytes());
        }
    }
}

fn dict<'a>(
    entries: impl Iterator<Item = (&'a String, &'a Object)>,
    length: Option<usize>,
    file: &mut Vec<u8>,
) {
    file.extend(b"<<");
    for (key, value) in entries {
        name(key, file);
        file.push(b' ');
        write(value, file);
    }
    if let Some(length) = length {
        file.extend(format!("/Length {length}").bytes());
    }
    file.extend(b">>");
}

fn name(name: &str, file: &mut Vec<u8>) {
    file.push(b'/');
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.+*".contains(&byte) {
            file.push(byte);
        } else {
            file.extend(format!("#{byte:02x}").bytes());
        }
    }
}
