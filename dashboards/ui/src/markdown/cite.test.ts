import { expect, test } from "vitest";
import { citeMarkers, citeOf } from "./cite.ts";

const links = (text: string) => {
  const tree = { type: "root", children: [{ type: "text", value: text }] };
  citeMarkers()(tree);
  return tree.children.map(
    (node) => citeOf((node as { url?: string }).url) ?? (node as { value?: string }).value,
  );
};

test("markers become links, one for each number", () => {
  expect(links("It rises [1].")).toEqual(["It rises", 1, "."]);
  expect(links("Both [1, 3] and [ 2;4 ][5]")).toEqual(["Both", 1, 3, " and", 2, 4, 5]);
});

test("brackets around something else stay text", () => {
  expect(links("[0.5, 1) or [a] or [1234]")).toEqual(["[0.5, 1) or [a] or [1234]"]);
});
