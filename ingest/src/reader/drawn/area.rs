//! Boxes on a page.

use super::{Glyph, matrix::Matrix};

/// A box.
#[derive(Debug, Clone, Copy)]
pub(super) struct Area {
    pub(super) x0: f64,
    pub(super) x1: f64,
    pub(super) y0: f64,
    pub(super) y1: f64,
}

impl Area {
    pub(super) const EVERYWHERE: Self =
        Self { x0: f64::NEG_INFINITY, x1: f64::INFINITY, y0: f64::NEG_INFINITY, y1: f64::INFINITY };

    /// Nothing is drawn within, as far as is known.
    pub(super) const NOWHERE: Self =
        Self { x0: f64::INFINITY, x1: f64::NEG_INFINITY, y0: f64::INFINITY, y1: f64::NEG_INFINITY };

    /// The least that has these points.
    pub(super) fn around(points: impl IntoIterator<Item = (f64, f64)>) -> Self {
        points.into_iter().fold(Self::NOWHERE, |area, (x, y)| Self {
            x0: area.x0.min(x),
            x1: area.x1.max(x),
            y0: area.y0.min(y),
            y1: area.y1.max(y),
        })
    }

    /// The least that has a box of other coordinates.
    pub(super) fn placed([x0, y0, x1, y1]: [f64; 4], place: Matrix) -> Self {
        Self::around([(x0, y0), (x0, y1), (x1, y0), (x1, y1)].map(|(x, y)| place.place(x, y)))
    }

    /// The least that has a glyph, with what stands above its line and below.
    pub(super) fn of(glyph: &Glyph) -> Self {
        let (along_x, along_y) = glyph.along;
        let points = [0.0, glyph.advance].into_iter().flat_map(|along| {
            [-0.3, 1.0].map(|up| {
                let up = up * glyph.size;
                (glyph.x + along_x * along - along_y * up, glyph.y + along_y * along + along_x * up)
            })
        });
        Self::around(points)
    }

    pub(super) fn within(self, other: Self) -> Self {
        Self {
            x0: self.x0.max(other.x0),
            x1: self.x1.min(other.x1),
            y0: self.y0.max(other.y0),
            y1: self.y1.min(other.y1),
        }
    }

    pub(super) fn grown(self, by: f64) -> Self {
        Self { x0: self.x0 - by, x1: self.x1 + by, y0: self.y0 - by, y1: self.y1 + by }
    }

    /// Whether there is something of it.
    pub(super) fn is_somewhere(self) -> bool {
        self.x0 <= self.x1 && self.y0 <= self.y1
    }

    /// Whether the middle of a glyph lies in it.
    pub(super) fn has(self, glyph: &Glyph) -> bool {
        let x = glyph.x + glyph.along.0 * glyph.advance / 2.0 - glyph.along.1 * glyph.size * 0.3;
        let y = glyph.y + glyph.along.1 * glyph.advance / 2.0 + glyph.along.0 * glyph.size * 0.3;
        (self.x0..=self.x1).contains(&x) && (self.y0..=self.y1).contains(&y)
    }
}
