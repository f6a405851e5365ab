// By what the corpus is judged: the signs that a text must show, by rules that know nothing of how it is rendered, and
// the signs that a page shows. Blanks count nowhere. `signs.test.ts` tells what is markup and what is not.
import { fromHtml } from "hast-util-from-html";

/** Stands for what is no markup any more: code, formulas, escaped signs. */
const HELD = /\uF8FF(\d+)\uF8FE/g;
const SIGNS = String.raw`[!-/:-@[-\x60{-~]`;
const ENTITIES = {
  amp: "&",
  lt: "<",
  gt: ">",
  nbsp: "",
  micro: "µ",
  plusmn: "±",
  ge: "≥",
  le: "≤",
  alpha: "α",
};
const TAGS = "b|strong|i|em|u|sub|sup|mark|kbd|small|ins|del|s|strike";

/** The signs of a text in Markdown that must be seen. */
export function signsOf(markdown) {
  const held = [];
  const hold = (value) => `\uF8FF${held.push(value) - 1}\uF8FE`;
  const text = outsideOfCode(markdown, hold);
  const lines = text.split("\n");
  let quoted = false;
  let table = false;
  const shown = lines.map((line, at) => {
    if (line.trim() === "") {
      quoted = table = false;
      return "";
    }
    const isRule =
      /^\s*([-*_])(\s*\1){2,}\s*$/.test(line) || /^={3,}$/.test(line) || /^<hr ?\/?>$/i.test(line);
    const isDelimiter = line.includes("|") && /^[\s|:-]+$/.test(line) && line.includes("-");
    if (isDelimiter) table = true;
    if (isRule || isDelimiter) return "";
    const bare = withoutMarks(line, quoted);
    quoted = bare.quoted;
    const isRow = table || (lines[at + 1]?.includes("|") && /^[\s|:-]*-[\s|:-]*$/.test(lines[at + 1] ?? ""));
    const row = isRow ? bare.rest.replace(/(?<!\\)\|/g, " ").replaceAll("\\|", "|") : bare.rest;
    return bare.number + inline(row.replace(/\\$/, ""), hold);
  });
  let whole = shown.join("\n");
  while (HELD.test(whole)) whole = whole.replace(HELD, (_, at) => held[at]);
  return plain(whole);
}

/** Holds code and formulas back: nothing in them is markup. */
function outsideOfCode(markdown, hold) {
  return markdown
    .replace(/^([ \t]*)(```|~~~)[^\n]*\n([\s\S]*?)^[ \t]*\2[^\n]*$/gm, (_, indent, mark, code) => hold(code))
    .replace(/(`+)(?!`)([^\n]*?[^`\n])\1(?!`)/g, (_, mark, code) => hold(code.replaceAll("\\|", "|")))
    .replace(/\$\$([\s\S]+?)\$\$/g, (_, tex) => hold(texOf(tex)))
    .replace(/^[ \t]*(\\begin\{(\w+\*?)\}[\s\S]*?\\end\{\2\})[ \t]*$/gm, (_, tex) => hold(texOf(tex)))
    .replace(/\\\[((?:\\[^\]]|[^\\])+?)\\\]/g, (whole, tex) => (/[\\=]/.test(tex) ? hold(texOf(tex)) : whole))
    .replace(/\\\(((?:\\[^)]|[^\\\n])+?)\\\)/g, (_, tex) => hold(texOf(tex)))
    .replace(/(?<!\\)\$(?![\s$])((?:\\.|[^$\n\\])+)(?<!\s)\$(?!\d)/g, (whole, tex) =>
      /[\\^_=+%]/.test(tex) || /^\w+$/.test(tex) ? hold(texOf(tex)) : whole,
    )
    .replace(/\\(?:ce|pu)\{(?:[^{}]|\{[^{}]*\})*\}/g, (tex) => hold(texOf(tex)));
}

/** A line without what makes it a quote, an item or a heading. The numbers of items are seen. */
function withoutMarks(line, quotedBefore) {
  let rest = line;
  let number = "";
  let quoted = false;
  for (;;) {
    const bare = rest.trimStart();
    const item = /^(?:[-*+]|(\d{1,9})[.)])[ \t]+(?:\[[ xX]\] )?/.exec(bare);
    // "More than" before a number is no quote, unless a quote goes on.
    if (/^>/.test(bare) && (quotedBefore || quoted || !/^> ?[\d=]/.test(bare))) {
      rest = bare.slice(1);
      quoted = true;
    } else if (item) {
      rest = bare.slice(item[0].length);
      number += item[1] ? `${item[1]}.` : "";
    } else return { rest: bare.replace(/^#{1,6}[ \t]+/, ""), number, quoted };
  }
}

/** Running text without emphasis, links, tags and escapes. */
function inline(text, hold) {
  return text
    .replace(new RegExp(`\\\\(${SIGNS})`, "g"), (_, sign) => hold(sign))
    .replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
      if (name) return name in ENTITIES ? hold(ENTITIES[name]) : whole;
      return hold(String.fromCodePoint(hex ? Number.parseInt(hex, 16) : Number(decimal)));
    })
    .replace(/!?\[([^\]\n]*)\]\([^)\n]*\)(?=\)?)/g, (_, words) => words)
    .replace(/<(https?:[^>\s]+)>/g, (_, url) => hold(url))
    .replace(/https?:\S+/g, (url) => hold(url))
    .replace(/<br *\/?>/gi, " ")
    .replace(new RegExp(`<(${TAGS})>(.*?)</\\1>`, "g"), "$2")
    .replace(new RegExp(`<(${TAGS})>(.*?)</\\1>`, "g"), "$2")
    .replace(/\[\^([^\]\s]+)\]:?/g, "$1")
    .replace(/(?<=[\p{L}\p{N}])\*(?=[\p{L}\p{N}])|(?<=\d)(\*\*|~~)(?=\d)/gu, (stars) => hold(stars))
    .replace(emphasis("\\*\\*\\*"), "$1")
    .replace(emphasis("\\*\\*"), "$1")
    .replace(emphasis("\\*"), "$1")
    .replace(emphasis("~~"), "$1")
    .replace(/(?<![\p{L}\p{N}_])__(?=\S)(.+?)(?<=\S)__(?![\p{L}\p{N}_])/gu, "$1")
    .replace(/(?<![\p{L}\p{N}_])_(?=\S)(.+?)(?<=\S)_(?![\p{L}\p{N}_])/gu, "$1");
}

/** Opens not behind a letter, and closes not between a sign and a letter. */
const emphasis = (mark) =>
  new RegExp(
    `(?<![\\p{L}\\p{N}*])${mark}(?=[^\\s*])(.+?)(?:(?<=[^\\s\\p{P}*])${mark}|(?<=[^\\s*])${mark}(?=[\\s\\p{P}]|$))(?!\\*)`,
    "gu",
  );

const texOf = (tex) => tex.replace(/\n[ \t]*>/g, "\n").replace(/\\([%|])/g, "$1");

/** Without blanks, and without what joins or parts lines unseen. */
const plain = (text) => text.replace(/[\s\u2060\u200b]/gu, "");

/** The signs that a rendered answer shows. Of formulas it is what they say, as screen readers are told. */
export function signsSeen(html) {
  return plain(seen(fromHtml(html, { fragment: true })));
}

function seen(node, item = "") {
  if (node.type === "text") return node.value;
  const { tagName, properties = {}, children = [] } = node;
  const classes = properties.className ?? [];
  if (classes.includes("code-head")) return "";
  if (tagName === "annotation") return texOf(children.map((child) => child.value).join(""));
  if (classes.includes("katex")) return find(node, "annotation");
  if (classes.includes("cite")) return `[${children.map((child) => seen(child)).join("")}]`;
  const start = Number(properties.start ?? 1);
  let at = 0;
  return (
    item +
    children
      .map((child) => {
        const isItem = tagName === "ol" && child.tagName === "li";
        return seen(child, isItem ? `${child.properties.value ?? start + at++}.` : "");
      })
      .join("")
  );
}

function find(node, name) {
  if (node.tagName === name) return seen(node);
  return (node.children ?? []).map((child) => find(child, name)).join("");
}

/** Each formula of a page: what it says, and what is drawn. */
export function formulasSeen(html) {
  const found = [];
  const text = (node) => node.value ?? (node.children ?? []).map(text).join("");
  const visit = (node) => {
    const classes = node.properties?.className ?? [];
    if (classes.includes("katex-error")) found.push({ tex: text(node), drawn: "", error: true });
    if (!classes.includes("katex")) return (node.children ?? []).forEach(visit);
    const drawn = node.children.find((child) => child.properties?.className?.includes("katex-html"));
    found.push({ tex: find(node, "annotation"), drawn: text(drawn), error: false });
  };
  visit(fromHtml(html, { fragment: true }));
  return found;
}

/** Answers of a file of the corpus. */
export const answersOf = (file) => file.split(/^=-=-=\n/m).map((answer) => answer.trim());
