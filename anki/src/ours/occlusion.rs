//! Covered parts of an image: boxes here, shapes in a text in Anki.

use std::{collections::BTreeMap, fmt::Write as _};

use study::notes::{Hiding, Occlusion, OcclusionBox};

/// What a shape of Anki's begins with, behind its number.
const SHAPE: &str = "image-occlusion:";

/// Boxes as Anki writes them. Its `oi` hides all others, too.
pub(super) fn shapes(picture: &Occlusion) -> String {
    let all = if picture.mode == Hiding::HideAll { ":oi=1" } else { "" };
    let mut shapes = String::new();
    for (number, OcclusionBox { x, y, w, h, .. }) in (1..).zip(&picture.boxes) {
        let end = if shapes.is_empty() { "" } else { "\n" };
        let shape = format!("{SHAPE}rect:left={x:.6}:top={y:.6}:width={w:.6}:height={h:.6}{all}");
        // Writing to a string cannot fail.
        let _written = write!(shapes, "{end}{{{{c{number}::{shape}}}}}");
    }
    shapes
}

/// The box around all shapes of each number, by the number, and whether all others are hidden.
pub(super) fn boxes(shapes: &str) -> (BTreeMap<u16, OcclusionBox>, Hiding) {
    let (mut boxes, mut mode) = (BTreeMap::<u16, OcclusionBox>::new(), Hiding::HideOne);
    for deletion in shapes.split("{{c").skip(1) {
        let Some((number, shape)) = deletion.split_once("::") else { continue };
        let shape = shape.split("}}").next().and_then(|shape| shape.trim().strip_prefix(SHAPE));
        let (Ok(number), Some(shape)) = (number.parse::<u16>(), shape) else { continue };
        let properties: BTreeMap<&str, &str> =
            shape.split(':').filter_map(|property| property.split_once('=')).collect();
        if properties.get("oi").is_some_and(|oi| *oi == "1") {
            mode = Hiding::HideAll;
        }
        let Some(around) = around(shape, &properties) else { continue };
        let joined = boxes.get(&number).map_or_else(|| around.clone(), |other| union(other, &around));
        boxes.insert(number, joined);
    }
    (boxes, mode)
}

fn around(shape: &str, properties: &BTreeMap<&str, &str>) -> Option<OcclusionBox> {
    let number = |name: &str| properties.get(name)?.parse::<f64>().ok().filter(|number| number.is_finite());
    let (left, top) = (number("left"), number("top"));
    let edges = match shape.split(':').next()? {
        "rect" => (left?, top?, left? + number("width")?, top? + number("height")?),
        "ellipse" => (left?, top?, left? + 2.0 * number("rx")?, top? + 2.0 * number("ry")?),
        "polygon" => {
            let points = properties.get("points")?.split_whitespace();
            let points = points.filter_map(|point| {
                let (x, y) = point.split_once(',')?;
                Some((x.parse::<f64>().ok()?, y.parse::<f64>().ok()?))
            });
            points.fold((1.0, 1.0, 0.0, 0.0), |(left, top, right, bottom): (f64, f64, f64, f64), (x, y)| {
                (left.min(x), top.min(y), right.max(x), bottom.max(y))
            })
        }
        _ => return None,
    };
    of_edges(edges)
}

/// Within the picture; none where nothing of it is.
fn of_edges((left, top, right, bottom): (f64, f64, f64, f64)) -> Option<OcclusionBox> {
    let within = |edge: f64| edge.clamp(0.0, 1.0);
    let (x, y) = (within(left), within(top));
    let (w, h) = (within(right) - x, within(bottom) - y);
    (w > 0.0 && h > 0.0).then_some(OcclusionBox { x, y, w, h, label: None })
}

fn union(one: &OcclusionBox, other: &OcclusionBox) -> OcclusionBox {
    let (x, y) = (one.x.min(other.x), one.y.min(other.y));
    let right = (one.x + one.w).max(other.x + other.w);
    let bottom = (one.y + one.h).max(other.y + other.h);
    OcclusionBox { x, y, w: right - x, h: bottom - y, label: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_boxes_and_back() {
        let text = "{{c1::image-occlusion:rect:left=.1:top=.2:width=.25:height=.5:oi=1}}<br>\
                    {{c3::image-occlusion:ellipse:left=.5:top=.5:rx=.125:ry=.25}}\
                    {{c3::image-occlusion:polygon:points=.5,.25 .75,.5 .5,.5}}{{c4::image-occlusion:text:left=1}}";
        let (found, mode) = boxes(text);
        assert_eq!(mode, Hiding::HideAll);
        assert_eq!(found.keys().copied().collect::<Vec<_>>(), [1, 3]);
        let third = &found[&3];
        assert_eq!((third.x, third.y, third.w, third.h), (0.5, 0.25, 0.25, 0.75));
        let picture = Occlusion {
            image_id: None,
            document_id: None,
            page: None,
            boxes: found.into_values().collect(),
            mode,
            header: String::new(),
            extra: String::new(),
        };
        let (again, mode) = boxes(&shapes(&picture));
        assert_eq!((again.into_values().collect::<Vec<_>>(), mode), (picture.boxes, Hiding::HideAll));
    }
}
