//! Places, sizes and directions, as files give them: six numbers, of which the last two move.

/// A change of coordinates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in super::super) struct Matrix(pub(in super::super) [f64; 6]);

impl Matrix {
    pub(super) const IDENTITY: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    pub(super) fn moved(x: f64, y: f64) -> Self {
        Self([1.0, 0.0, 0.0, 1.0, x, y])
    }

    /// This one first, then `after`.
    pub(super) fn then(self, after: Self) -> Self {
        let [xx, xy, yx, yy, x, y] = self.0;
        let (xx, xy) = after.way(xx, xy);
        let (yx, yy) = after.way(yx, yy);
        let (x, y) = after.place(x, y);
        Self([xx, xy, yx, yy, x, y])
    }

    pub(super) fn place(self, x: f64, y: f64) -> (f64, f64) {
        let [.., across, up] = self.0;
        let (x, y) = self.way(x, y);
        (x + across, y + up)
    }

    /// A distance with a direction.
    pub(super) fn way(self, x: f64, y: f64) -> (f64, f64) {
        let [xx, xy, yx, yy, ..] = self.0;
        (xx * x + yx * y, xy * x + yy * y)
    }

    /// How much larger things are.
    pub(super) fn scale(self) -> f64 {
        let [xx, xy, yx, yy, ..] = self.0;
        (xx * yy - xy * yx).abs().sqrt()
    }

    pub(super) fn is_finite(self) -> bool {
        self.0.iter().all(|value| value.is_finite())
    }
}
