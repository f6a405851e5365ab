"""How many PDFs of a folder are usable: read without dying, and true to what two other programs read.

    apt install poppler-utils && pip install pymupdf
    cargo build --release -p documents
    target/release/documents pages FOLDER .data/pages
    python3 tests/documents/usable.py FOLDER .data/pages

A page counts where poppler and PyMuPDF agree on it: both find words, and the F1 of their words is at least 0.8.
There the words of ours are compared with those of each, and the better F1 of the two counts. A document is usable if
it was read and the mean over its pages that count is at least 0.8; one without such pages, if it was read at all.
Encrypted and broken files that neither of the two opens are left out.
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
    """The pages that count, their mean F1, and the worst of them; None where nobody reads the file."""
    theirs = [pages for pages in (poppler(pdf), mupdf(pdf)) if pages is not None]
    if not theirs:
        return None
    scores = []
    if len(theirs) == 2:
        for number, (one, other) in enumerate(zip(*theirs)):
            one, other = words(one), words(other)
            if one and other and f1(one, other) >= GOOD:
                mine = words(read.get(number, {}).get("text", ""))
                scores.append((max(f1(mine, one), f1(mine, other)), number))
    return len(scores), sum(score for score, _ in scores) / len(scores) if scores else None, min(scores, default=None)


def main(folder, pages):
    usable = counted = left_out = 0
    total = []
    for pdf in sorted(path for path in folder.rglob("*") if path.suffix.lower() == ".pdf"):
        name = pdf.relative_to(folder)
        read = ours(pages / f"{name}.jsonl") or {}
        measured = measure(pdf, read)
        if measured is None:
            left_out += 1
            print(f"left out  {name}")
            continue
        count, mean, worst = measured
        good = bool(read) and (mean is None or mean >= GOOD)
        counted += 1
        usable += good
        if mean is not None:
            total.append(mean)
        if not good or (mean is not None and mean < 0.9):
            print(f"{'poor' if good else 'UNUSABLE'}  {name}: {count} pages, mean {mean}, worst {worst}, read {len(read)}")
    print(
        f"{usable} of {counted} documents are usable: {100 * usable / counted:.1f} %; "
        f"mean F1 {sum(total) / len(total):.3f}; {left_out} left out"
    )


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
