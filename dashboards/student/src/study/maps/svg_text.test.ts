import { expect, test } from "vitest";
import { shownOf } from "./graph.ts";
import { layOut } from "./layout.ts";
import { escaped, svgText } from "./svg_text.ts";

test("a file has nothing in it that is not text", async () => {
  const nodes = [
    { id: "a", label: '<script>alert("1")</script> & co', kind: "</text>", note: "a ]]> b" },
    { id: "b", label: "\u0000\u001b Herz \ud83d", kind: "cause" },
  ];
  const edges = [{ from: "a", to: "b", verb: '"><image href="x"/>' }];
  const text = svgText(await layOut(shownOf({ nodes, edges }, new Set()), 1), "<b>", ["</text>", "cause"]);
  expect(text).not.toMatch(/<script|<image|<b>|style|class=|foreignObject/);
  expect(text).toContain("&lt;b&gt;");
  for (const sign of ["\u0000", "\u001b", "\ud83d"]) expect(text).not.toContain(sign);
  expect(text).toContain("fill=");
});

test("signs of two halves stay whole", () => {
  expect(escaped("🫀 <3")).toBe("🫀 &lt;3");
});
