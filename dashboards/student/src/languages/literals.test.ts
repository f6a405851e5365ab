// What people read is a message. A text in a page that is none would stay English for everybody.
import { readdirSync, readFileSync } from "node:fs";
import ts from "typescript";
import { expect, test } from "vitest";

const ROOT = new URL("../../../", import.meta.url);
/** Attributes that are read or heard. */
const TOLD = new Set(
  "title label hint aside lead note action description placeholder alt name text message aria-label aria-description aria-valuetext aria-roledescription".split(
    " ",
  ),
);
/** These attributes' values are for programs where they have these elements. */
const NAMES_OF_FIELDS = new Set([
  "input",
  "TextField",
  "SecretField",
  "Select",
  "TextArea",
  "textarea",
  "select",
  "meta",
  "Siblings",
]);
/** What is called so is told to people. */
const TELLS = new Set(["say", "toast", "useTitle"]);
/** The name of the product, signs, commands, and keys of the keyboard. */
const NO_WORDS = /^(?:medai|\/[a-z]+|[^\p{L}]*|Esc|Ctrl K|Pseudo|sk-…|https:\/\/…)$/u;

const files = ["student/src", "ui/src"].flatMap((folder) =>
  readdirSync(new URL(folder, ROOT), { recursive: true, encoding: "utf8" })
    .filter((path) => /\.tsx?$/.test(path) && !/\.test\.|\.d\.ts$/.test(path))
    .map((path) => `${folder}/${path}`),
);

function textsIn(path: string, source: string): string[] {
  const file = ts.createSourceFile(
    path,
    source,
    ts.ScriptTarget.Latest,
    true,
    path.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS,
  );
  const found: string[] = [];
  const take = (node: ts.Node, text: string) => {
    const words = text.replace(/\s+/g, " ").trim();
    if (NO_WORDS.test(words)) return;
    found.push(`${path}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}: ${words}`);
  };
  /** Whatever an expression may come to be, where that is a text. */
  const results = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) take(node, node.text);
    else if (ts.isTemplateExpression(node)) {
      take(node, [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join(" "));
      for (const { expression } of node.templateSpans) results(expression);
    } else if (ts.isConditionalExpression(node)) {
      results(node.whenTrue);
      results(node.whenFalse);
    } else if (ts.isBinaryExpression(node)) {
      const { operatorToken, left, right } = node;
      if (operatorToken.kind !== ts.SyntaxKind.AmpersandAmpersandToken) results(left);
      const compares = [ts.SyntaxKind.EqualsEqualsEqualsToken, ts.SyntaxKind.ExclamationEqualsEqualsToken];
      if (!compares.includes(operatorToken.kind)) results(right);
    } else if (ts.isParenthesizedExpression(node)) results(node.expression);
  };
  const isMessage = (node: ts.Node): boolean =>
    ts.isJsxElement(node) && /^(?:Trans|Plural)$/.test(node.openingElement.tagName.getText());
  const visit = (node: ts.Node): void => {
    if (isMessage(node)) return;
    if (ts.isJsxText(node)) take(node, node.text);
    if (ts.isJsxExpression(node) && node.expression && !ts.isJsxAttribute(node.parent))
      results(node.expression);
    if (ts.isJsxAttribute(node) && TOLD.has(node.name.getText()) && node.initializer) {
      const element = node.parent.parent.tagName.getText();
      const isName = node.name.getText() === "name" && NAMES_OF_FIELDS.has(element);
      if (!isName && element !== "Plural") {
        if (ts.isStringLiteral(node.initializer)) take(node, node.initializer.text);
        else if (ts.isJsxExpression(node.initializer) && node.initializer.expression)
          results(node.initializer.expression);
      }
    }
    // `{ label: "…" }`, as menus, commands and problems have it.
    if (ts.isPropertyAssignment(node) && TOLD.has(node.name.getText()) && node.name.getText() !== "name")
      results(node.initializer);
    if (ts.isCallExpression(node) && TELLS.has(node.expression.getText()) && node.arguments[0])
      results(node.arguments[0]);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** `t` where a module is loaded would be said before the language is known: there it is `msg`. */
function early(path: string, source: string): string[] {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    if (ts.isTaggedTemplateExpression(node) && node.tag.getText() === "t")
      found.push(`${path}: ${node.getText()}`);
    if (ts.isCallExpression(node) && /^(?:t|plural)$/.test(node.expression.getText()))
      found.push(`${path}: ${node.getText()}`);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

test("what people read is a message, and not a text in the code", () => {
  expect(files.length).toBeGreaterThan(80);
  expect(files.flatMap((path) => textsIn(path, readFileSync(new URL(path, ROOT), "utf8")))).toEqual([]);
}, 30_000);

test("no message is said before its language is known", () => {
  expect(files.flatMap((path) => early(path, readFileSync(new URL(path, ROOT), "utf8")))).toEqual([]);
}, 30_000);

test("texts are found wherever they hide", () => {
  const found = textsIn(
    "page.tsx",
    'const a = <p title="One">{b ? "Two" : `Three`}<Trans>no</Trans>four</p>; say("Five"); const d = { label: "Six" };',
  );
  expect(found.map((each) => each.split(": ")[1])).toEqual(["One", "Two", "Three", "four", "Five", "Six"]);
  expect(early("page.ts", "const a = t`One`; const b = () => t`Two`;")).toEqual(["page.ts: t`One`"]);
});
