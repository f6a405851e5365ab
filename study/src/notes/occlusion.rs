//! A picture with something hidden: image occlusion.

use domain::ids::{DocumentId, ImageId};
use serde::{Deserialize, Serialize};

use super::Problem;
use crate::items::markup;

/// How many boxes a picture may have.
const MOST_BOXES: usize = 100;

/// How long the label of a box may be, in characters.
const LONGEST_LABEL: usize = 200;

/// By how much a box may stick out of its picture, as rounding makes it.
const ROUNDING: f64 = 1e-6;

/// What a card hides beside the box that it asks for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Hiding {
    /// All other boxes, too.
    #[default]
    HideAll,
    /// Nothing else.
    HideOne,
}

/// What is hidden: a part of the picture, whose width and height are 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OcclusionBox {
    /// Its left edge.
    pub x: f64,
    /// Its upper edge.
    pub y: f64,
    /// Its width.
    pub w: f64,
    /// Its height.
    pub h: f64,
    /// What is behind it, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

/// The fields of an image occlusion.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Occlusion {
    /// The picture, where it is an image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_id: Option<ImageId>,
    /// Where it is a page of a document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_id: Option<DocumentId>,
    /// Which one, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<i32>,
    /// What is hidden, a card for each.
    pub boxes: Vec<OcclusionBox>,
    /// What a card hides beside its own box.
    #[serde(default)]
    pub mode: Hiding,
    /// What is shown above the picture, in Markdown.
    #[serde(default)]
    pub header: String,
    /// What is shown with the answer, in Markdown.
    #[serde(default)]
    pub extra: String,
}

impl Occlusion {
    pub(super) fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let of_document = self.document_id.is_some() && self.page.is_some_and(|page| page >= 1);
        let no_document = self.document_id.is_none() && self.page.is_none();
        let fits = if self.image_id.is_some() { no_document } else { of_document };
        if !fits {
            problems
                .push(Problem::new("fields.image_id", "must be there, or `document_id` and `page` instead"));
        }
        if !(1..=MOST_BOXES).contains(&self.boxes.len()) {
            problems.push(Problem::new("fields.boxes", "must be 1 to 100"));
        }
        for (index, one) in self.boxes.iter().take(MOST_BOXES).enumerate() {
            if !one.is_inside() {
                problems.push(Problem::new(
                    format!("fields.boxes[{index}]"),
                    "must lie within the picture: x, y, w and h from 0 to 1, with a width and a height",
                ));
            }
            let label = one.label.as_deref().unwrap_or_default();
            if label.chars().count() > LONGEST_LABEL || label.contains('\0') || markup::has_html(label) {
                problems.push(Problem::new(
                    format!("fields.boxes[{index}].label"),
                    "must be plain text of at most 200 characters",
                ));
            }
        }
        problems
    }
}

impl OcclusionBox {
    fn is_inside(&self) -> bool {
        let within = |at: f64, length: f64| {
            at.is_finite() && length.is_finite() && at >= 0.0 && length > 0.0 && at + length <= 1.0 + ROUNDING
        };
        within(self.x, self.w) && within(self.y, self.h)
    }

    fn is_at(&self, other: &Self) -> bool {
        let near = |one: f64, other: f64| (one - other).abs() < ROUNDING;
        near(self.x, other.x) && near(self.y, other.y) && near(self.w, other.w) && near(self.h, other.h)
    }

    /// How much of the two is common to both, 0 to 1.
    fn overlap(&self, other: &Self) -> f64 {
        let common = |at: f64, length: f64, other_at: f64, other_length: f64| {
            ((at + length).min(other_at + other_length) - at.max(other_at)).max(0.0)
        };
        let both = common(self.x, self.w, other.x, other.w) * common(self.y, self.h, other.y, other.h);
        let all = self.w * self.h + other.w * other.h - both;
        if all > 0.0 { both / all } else { 0.0 }
    }
}

/// Which box became which, as pairs of places before and after: boxes have no names, and a card goes on with the box that
/// it was for. Those that stayed where they are come first, then those of the same label, then those that overlap.
pub fn moved(before: &[OcclusionBox], after: &[OcclusionBox]) -> Vec<(usize, usize)> {
    type Same = fn(&OcclusionBox, &OcclusionBox) -> bool;
    let alike: [Same; 3] = [
        |old, new| old.is_at(new),
        |old, new| {
            old.label.as_deref().is_some_and(|label| !label.trim().is_empty()) && old.label == new.label
        },
        |old, new| old.overlap(new) >= 0.3,
    ];
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for same in alike {
        for (to, new) in after.iter().enumerate() {
            if pairs.iter().any(|(_, taken)| *taken == to) {
                continue;
            }
            let mut free =
                before.iter().enumerate().filter(|(from, _)| pairs.iter().all(|(taken, _)| taken != from));
            if let Some((from, _)) = free.find(|(_, old)| same(old, new)) {
                pairs.push((from, to));
            }
        }
    }
    pairs.sort_unstable();
    pairs
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::notes::{Fields, NoteKind};

    fn at(x: f64) -> OcclusionBox {
        OcclusionBox { x, y: 0.1, w: 0.1, h: 0.1, label: None }
    }

    #[test]
    fn a_picture_is_an_image_or_a_page_with_boxes_inside() {
        let id = "0192d0a6-1c1d-7000-8000-000000000001";
        let boxes = json!([{"x": 0.0, "y": 0.5, "w": 0.5, "h": 0.5}]);
        let read = |fields| Fields::read(NoteKind::ImageOcclusion, fields);
        assert!(read(json!({"image_id": id, "boxes": boxes})).is_ok());
        assert!(read(json!({"document_id": id, "page": 1, "boxes": boxes, "mode": "hide_one"})).is_ok());
        for wrong in [
            json!({"boxes": boxes}),
            json!({"document_id": id, "boxes": boxes}),
            json!({"document_id": id, "page": 0, "boxes": boxes}),
            json!({"image_id": id, "page": 1, "boxes": boxes}),
            json!({"image_id": id, "boxes": []}),
            json!({"image_id": id, "boxes": vec![json!({"x": 0, "y": 0, "w": 1, "h": 1}); 101]}),
            json!({"image_id": id, "boxes": [{"x": 0.9, "y": 0, "w": 0.2, "h": 1}]}),
            json!({"image_id": id, "boxes": [{"x": 0, "y": 0, "w": 0, "h": 1}]}),
            json!({"image_id": id, "boxes": [{"x": 0, "y": 0, "w": 1, "h": 1, "label": "<b>x</b>"}]}),
            json!({"image_id": id, "boxes": boxes, "mode": "all"}),
            json!({"image_id": id, "boxes": [[0, 0, 1, 1]]}),
        ] {
            assert!(read(wrong.clone()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_box_is_known_by_its_place_its_label_or_its_overlap() {
        let label = |one: OcclusionBox, label: &str| OcclusionBox { label: Some(label.to_owned()), ..one };
        assert_eq!(moved(&[at(0.0), at(0.2), at(0.4)], &[at(0.0), at(0.4)]), [(0, 0), (2, 1)]);
        assert_eq!(
            moved(&[at(0.0), label(at(0.2), "a")], &[label(at(0.8), "a"), at(0.03)]),
            [(0, 1), (1, 0)]
        );
        assert_eq!(moved(&[at(0.0)], &[at(0.5)]), []);
    }

    proptest! {
        #[test]
        fn no_box_becomes_two(before in prop::collection::vec(0.0..0.9, 0..12), after in prop::collection::vec(0.0..0.9, 0..12)) {
            let boxes = |places: &[f64]| places.iter().copied().map(at).collect::<Vec<_>>();
            let (before, after) = (boxes(&before), boxes(&after));
            let pairs = moved(&before, &after);
            for (index, (from, to)) in pairs.iter().enumerate() {
                prop_assert!(*from < before.len() && *to < after.len());
                prop_assert!(pairs.iter().skip(index + 1).all(|(other, at)| other != from && at != to));
            }
            let all: Vec<_> = (0..before.len()).map(|place| (place, place)).collect();
            prop_assert_eq!(moved(&before, &before).len(), all.len());
        }
    }
}
