"""How many PDFs of a folder are usable: read without dying, and true to what two other programs read.

    apt install poppler-utils && pip install pymupdf
    cargo build --release -p documents
    target/release/documents pages FOLDER .data/pages
    python3 tests/documents/usable.py FOLDER .data/pages

A page counts where poppler and PyMuPDF agree on it: both find words, and the F1 of their words is at least 0.8.
There the words of ours are compared with those of each, and the better F1 of the two counts. (The mean or the worse of
the two, or the words that both have, make no other files usable: they agree.) A document is usable if the mean over
its pages that count is at least 0.8.

The share is of the documents that have pages that count. Of those without - scans, drawings, pages on which the two
disagree - it is said how many were read without dying, and those that neither of the two opens are left out: they
need a password, or are broken.

Then come the numbers of all pages that the two read. A number is invented if neither of them has it as often, and joined
if it is what two numbers make that follow each other in one of theirs. Both write a mark of a note to the number before
it, and both part the letters of lines that are set wide, digits included: there it counts, too, what PyMuPDF says of the
sizes, what such a line says without its gaps, and what stands over each other as a fraction. Of pages that are turned, or written leftwards, it
is said how much of them is in the order in which the better of the two reads it. And of pages that are read right -
whose words agree to 0.9 and none of whose numbers is invented - the share that is marked as doubtful; those whose text
lies unseen over a picture are left out, since a program has recognised it.

Of an unusable document it is said how like its letters are, without the gaps between words: where those agree, the
programs disagree on what is a gap, as in "H e l l o".
"""

import bisect
import collections
import json
import pathlib
import re
import subprocess
import sys
import unicodedata

import pymupdf as fitz

fitz.TOOLS.mupdf_display_errors(False)

GOOD = 0.8


def words(text):
    return collections.Counter(re.findall(r"\w+", unicodedata.normalize("NFKC", text).lower()))


def letters(text):
    return collections.Counter(sign for sign in unicodedata.normalize("NFKC", text).lower() if sign.isalnum())


def f1(ours, theirs):
    common = sum((ours & theirs).values())
    total = sum(ours.values()) + sum(theirs.values())
    return 2 * common / total if total else 1.0


def poppler(path):
    """The pages that pdftotext reads, or None if it does not open the file."""
    try:
        done = subprocess.run(["pdftotext", "-enc", "UTF-8", path, "-"], capture_output=True, timeout=120)
    except subprocess.TimeoutExpired:
        return None
    if done.returncode != 0:
        return None
    return done.stdout.decode("utf-8", "replace").split("\f")[:-1]


def mupdf(path):
    try:
        document = fitz.open(path)
        if document.needs_pass:
            return None
        return [page.get_text() for page in document]
    except Exception:
        return None


NUMBER = re.compile(r"\d+(?:[.,/:·'’]\d+)*")
RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", "01234567890123456789")


def numbers(text):
    """In order; raised and lowered ones by themselves."""
    found = []
    for part in re.split(r"([⁰¹²³⁴-⁹]+|[₀-₉]+)", text):
        found += NUMBER.findall(unicodedata.normalize("NFKC", part.translate(RAISED)))
    return found


def by_size(page):
    """What PyMuPDF reads, with a gap where the size changes: it has no gap before a raised digit."""
    out = []
    for block in page.get_text("dict")["blocks"]:
        for line in block.get("lines", []):
            last = None
            for span in line["spans"]:
                out.append(" " if last and abs(span["size"] - last) > 0.2 * last else "")
                out.append(span["text"])
                last = span["size"]
            out.append("\n")
    return "".join(out)


def without_gaps(text):
    """The lines of which most words are single letters, as one word each."""
    def is_wide(line):
        found = line.split()
        return len(found) >= 8 and 2 * sum(len(word) == 1 and word.isalpha() for word in found) > len(found)

    return " ".join("".join(line.split()) for line in text.splitlines() if is_wide(line))


def fractions(page):
    """Numbers that stand over each other with a short line between, as `1/2`: both read them one after the other."""
    lines = [
        rect
        for rect in (drawing["rect"] for drawing in page.get_drawings())
        if rect.height < 2 and 2 < rect.width < 120
    ]
    if not lines:
        return ""
    spans = [
        (span["text"].strip(), span["bbox"], span["origin"][1], span["size"])
        for block in page.get_text("dict")["blocks"]
        for line in block.get("lines", [])
        for span in line["spans"]
        if NUMBER.fullmatch(span["text"].strip())
    ]
    found = []
    for line in lines:
        within = [span for span in spans if span[1][0] > line.x0 - 2 and span[1][2] < line.x1 + 2]
        over = [text for text, _, y, size in within if 0 < line.y0 - y < 0.6 * size]
        under = [text for text, _, y, size in within if 0.6 * size < y - line.y0 < 1.4 * size]
        found += [f"{one}/{other}" for one, other in zip(over, under)]
    return " ".join(found)


def invented(mine, theirs, others):
    """How many numbers there are, how many of them neither of the two reads, and how many of these are two in one."""
    known = collections.Counter(theirs[0]) | collections.Counter(theirs[1])
    for other in others:
        known |= collections.Counter(other)
    # What stands raised may be read as part of what is before it.
    loose = collections.Counter(mine) - known
    signs = [re.sub(r"\D", " ", " ".join(read)).split() for read in theirs]
    parts = collections.Counter(signs[0]) | collections.Counter(signs[1])
    pairs = {one + sign + other for read in theirs for one, other in zip(read, read[1:]) for sign in ("", ".", ",", "/")}
    wholes = "|".join("".join(read) for read in signs)
    strange = joined = 0
    for number, count in loose.items():
        if number in pairs:
            joined += count
            strange += count
        elif not (parts[number] >= count or all(part in parts for part in re.split(r"\D", number)) or number in wholes):
            strange += count
    return len(mine), strange, joined


SIGN_OR_WORD = r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+"


def order(mine, theirs):
    """The share of words, of those that are once in both, that stand in the same order. A sign of Chinese is one."""
    def once(text):
        found = re.findall(SIGN_OR_WORD, unicodedata.normalize("NFKC", text).lower())
        counts = collections.Counter(found)
        return [word for word in found if counts[word] == 1]

    places = {word: at for at, word in enumerate(once(theirs))}
    met = [places[word] for word in once(mine) if word in places]
    longest = []
    for place in met:
        at = bisect.bisect(longest, place)
        longest[at : at + 1] = [place]
    return len(longest) / len(met) if len(met) >= 5 else None


def is_turned(page):
    lines = [line for block in page.get_text("dict")["blocks"] for line in block.get("lines", [])]
    across = sum(len(line["spans"]) for line in lines if abs(line["dir"][0]) > 0.9)
    return bool(lines) and (page.rotation != 0 or 2 * across < sum(len(line["spans"]) for line in lines))


def is_leftwards(text):
    letters = [sign for sign in text if sign.isalpha()]
    return 2 * sum(unicodedata.bidirectional(sign) in ("R", "AL") for sign in letters) > len(letters)


def is_recognised(page):
    return any(span.get("type") == 3 for span in page.get_texttrace())


def ours(path):
    if not path.exists():
        return None
    return {page["page"]: page for page in map(json.loads, path.read_text().splitlines())}


def measure(pdf, read):
    """The F1 of words, and that of letters, of each page that counts; None where nobody reads the file."""
    theirs = [pages for pages in (poppler(pdf), mupdf(pdf)) if pages is not None]
    if not theirs:
        return None
    scores = []
    if len(theirs) == 2:
        for number, (one, other) in enumerate(zip(*theirs)):
            if not words(one) or not words(other) or f1(words(one), words(other)) < GOOD:
                continue
            mine = read.get(number, {}).get("text", "")
            scores.append([max(f1(of(mine), of(one)), f1(of(mine), of(other))) for of in (words, letters)])
    return scores


class Truth:
    """What is counted over all pages that both of the others read."""

    def __init__(self):
        self.numbers = self.invented = self.joined = self.right = self.doubtful = 0
        self.orders = {"turned": [], "leftwards": []}

    def add(self, pdf, read):
        one, other = poppler(pdf), mupdf(pdf)
        if one is None or other is None:
            return
        document = fitz.open(pdf)
        for number, theirs in enumerate(zip(one, other)):
            mine = read.get(number)
            if not mine or not mine["text"] or not all(words(text) for text in theirs):
                continue
            text = mine["text"]
            others = [by_size(document[number]), fractions(document[number]), *map(without_gaps, theirs)]
            count, strange, joined = invented(numbers(text), list(map(numbers, theirs)), map(numbers, others))
            self.numbers += count
            self.invented += strange
            self.joined += joined
            if strange:
                print(f"numbers   {pdf.name}, page {number + 1}: {strange} of {count} are in neither, {joined} joined")
            for kind, holds in [("turned", is_turned(document[number])), ("leftwards", is_leftwards(theirs[0]))]:
                if holds:
                    found = [score for score in (order(text, their) for their in theirs) if score is not None]
                    self.orders[kind] += [max(found)] if found else []
            best = max(f1(words(text), words(their)) for their in theirs)
            if best >= 0.9 and not strange and not is_recognised(document[number]):
                self.right += 1
                if mine.get("doubtful"):
                    self.doubtful += 1
                    print(f"doubtful  {pdf.name}, page {number + 1}")

    def say(self):
        each = 10_000 / max(self.numbers, 1)
        print(
            f"{self.numbers} numbers: invented {self.invented * each:.1f}, of them joined {self.joined * each:.1f}, each of 10,000"
        )
        for kind, scores in self.orders.items():
            if scores:
                print(f"{len(scores)} pages that are {kind}: in order {mean(scores):.3f}, worst {min(scores):.3f}")
        print(f"{self.doubtful} of {self.right} pages that are read right are doubtful: {100 * self.doubtful / max(self.right, 1):.1f} %")


def mean(values):
    return sum(values) / len(values)


def main(folder, pages):
    means = []
    truth = Truth()
    without = unread = left_out = 0
    for pdf in sorted(path for path in folder.rglob("*") if path.suffix.lower() == ".pdf"):
        name = pdf.relative_to(folder)
        read = ours(pages / f"{name}.jsonl") or {}
        scores = measure(pdf, read)
        truth.add(pdf, read)
        if scores is None:
            left_out += 1
            print(f"left out  {name}")
        elif not scores:
            without += 1
            if not read:
                unread += 1
                print(f"UNREAD    {name}")
        else:
            of_words, of_letters = (mean(values) for values in zip(*scores))
            means.append(of_words)
            if of_words < 0.9:
                said = "poor    " if of_words >= GOOD else "UNUSABLE"
                print(f"{said}  {name}: {len(scores)} pages, F1 of words {of_words:.3f}, of letters {of_letters:.3f}")
    usable = sum(score >= GOOD for score in means)
    print(
        f"{usable} of {len(means)} documents are usable: {100 * usable / len(means):.1f} %; mean F1 {mean(means):.3f}\n"
        f"{without - unread} of {without} others were read; {left_out} that nobody opens are left out"
    )
    truth.say()


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
