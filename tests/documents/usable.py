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

Of an unusable document it is said how like its letters are, without the gaps between words: where those agree, the
programs disagree on what is a gap, as in "H e l l o".
"""

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


def mean(values):
    return sum(values) / len(values)


def main(folder, pages):
    means = []
    without = unread = left_out = 0
    for pdf in sorted(path for path in folder.rglob("*") if path.suffix.lower() == ".pdf"):
        name = pdf.relative_to(folder)
        read = ours(pages / f"{name}.jsonl") or {}
        scores = measure(pdf, read)
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


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
