"""What we write is read by real Anki, and what Anki writes is read by us.

    cargo build -p anki --examples
    python3 -m venv target/anki && target/anki/bin/pip install anki==26.9.3
    target/anki/bin/python tests/anki/roundtrip.py target/debug/examples/convert

Everything is done without a window, in a folder that is thrown away.
"""

import copy
import json
import os
import subprocess
import sys
import tempfile
import time

from anki import import_export_pb2
from anki.collection import (
    Collection,
    DeckIdLimit,
    ExportAnkiPackageOptions,
    ImportAnkiPackageOptions,
    ImportAnkiPackageRequest,
)

CONVERT = os.path.abspath(sys.argv[1])
IF_NEWER = import_export_pb2.IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_IF_NEWER
TODAY = (int(time.time()) - 4 * 3600) // 86400
NOW = int(time.time())
PNG = list(b"\x89PNG\r\n\x1a\n and more")


def convert(*arguments):
    subprocess.run([CONVERT, *arguments], check=True)


def read(path):
    convert(path, path + ".json")
    with open(path + ".json") as file:
        return json.load(file)


def write(package, path, *more):
    with open(path + ".in.json", "w") as file:
        json.dump(package, file)
    convert(path + ".in.json", path, *more)


def load(collection, path, scheduling=True):
    options = ImportAnkiPackageOptions(
        merge_notetypes=False,
        update_notes=IF_NEWER,
        update_notetypes=IF_NEWER,
        with_scheduling=scheduling,
        with_deck_configs=False,
    )
    log = collection.import_anki_package(ImportAnkiPackageRequest(package_path=path, options=options)).log
    names = "new updated duplicate conflicting first_field_match missing_notetype missing_deck empty_first_field"
    return {name: len(getattr(log, name)) for name in names.split() if len(getattr(log, name))}


def note(guid, kind, front, back="", **more):
    return {"guid": guid, "kind": kind, "front": front, "back": back, "tags": ["medai::physio", "été"],
            "modified": NOW - 5000, **more}


def review(stability, difficulty, due, **more):
    return {"state": "review", "due": {"on": TODAY + due}, "interval": 11, "reps": 4, "lapses": 1, "ease": 2.35,
            "memory": {"stability": stability, "difficulty": difficulty}, "last_review": NOW - 6 * 86400, **more}


SHAPES = "{{c1::image-occlusion:rect:left=.1:top=.2:width=.3:height=.1:oi=1}}\n" \
         "{{c2::image-occlusion:ellipse:left=.5:top=.5:rx=.1:ry=.1:oi=1}}"
NOTES = [
    note("g-basic", "basic", "Acidosis: pH <7.35 & $\\frac{a}{b} < c$", "**Normal** *7.35–7.45*\n\n- one\n- two\n\n"
         "![](medai-x.png)", source="Guyton, p. 12"),
    note("g-reversed", "basic_reversed", "Herz", "heart\nللقلب"),
    note("g-cloze", "cloze", "The {{c1::aorta::vessel}} leaves the {{c2::{{c3::left}} ventricle}}: "
         "{{c1::$x_{a_{b} }$}}", "| a | b |\n| --- | --- |\n| H<sub>2</sub>O | $$y$$ |"),
    note("g-occlusion", "image_occlusion", "Heading", "extra",
         occlusion={"shapes": SHAPES, "image": "medai-x.png", "comments": ""}),
    note("#/$<g", "basic", "\\# no heading \\*", "costs \\$5"),
]
CARDS = [
    {"note": 0, "ordinal": 0, "deck": 0, "schedule": review(10.9643, 2.111, 5)},
    {"note": 1, "ordinal": 0, "deck": 1, "schedule": review(0.4567, 9.123, -3, suspended=True)},
    {"note": 1, "ordinal": 1, "deck": 1, "schedule": {"position": 2}},
    {"note": 2, "ordinal": 0, "deck": 1, "schedule": {
        "state": "relearning", "due": {"at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(NOW + 600))},
        "interval": 3, "steps_left": 1, "reps": 9, "lapses": 2, "ease": 1.9,
        "memory": {"stability": 1.2345, "difficulty": 7.5}, "last_review": NOW - 6 * 86400}},
    {"note": 2, "ordinal": 1, "deck": 1, "schedule": {"position": 4}},
    {"note": 2, "ordinal": 2, "deck": 1, "schedule": {"position": 5, "suspended": True}},
    {"note": 3, "ordinal": 0, "deck": 0, "schedule": {"position": 6}},
    {"note": 3, "ordinal": 1, "deck": 0, "schedule": {"position": 7}},
    {"note": 4, "ordinal": 0, "deck": 0, "schedule": review(36499.5, 10.0, 900, interval=36500, ease=2.5)},
]
REVIEWS = [
    {"card": card, "at": (NOW - days * 86400) * 1000 + card, "rating": rating, "interval": interval,
     "kind": kind, "duration": 4000 + card}
    for card in (0, 1, 3, 8)
    for days, rating, interval, kind in ((20, 3, 600, "learning"), (18, 1, 172800, "review"), (6, 3, 950400, "review"))
]
PACKAGE = {
    "decks": [{"name": "Medai::Physio::Acid-Base"}, {"name": "Medai"}],
    "notes": NOTES, "cards": CARDS, "reviews": REVIEWS,
    "media": [{"name": "medai-x.png", "bytes": PNG}],
}


def shape(package):
    """What must stay, whoever wrote it: by guid and number, without ids and counts."""
    notes, decks, cards = package["notes"], package["decks"], package["cards"]
    key = lambda card: f'{notes[card["note"]]["guid"]} {card["ordinal"]}'

    def schedule(card):
        full = dict(card["schedule"])
        memory = full.pop("memory", None)
        if memory:
            memory = [float(f"{memory['stability']:.3g}"), round(memory["difficulty"], 3)]
        full.pop("position", None)
        wanted = {"state": "new", "due": "in_turn", "interval": 0, "reps": 0, "lapses": 0, "suspended": False,
                  "buried": False, "ease": None, "last_review": None, "steps_left": 0, **full}
        wanted["ease"] = wanted["ease"] and round(wanted["ease"], 3)
        return {**wanted, "memory": memory, "deck": decks[card["deck"]]["name"]}

    return {
        "notes": {n["guid"]: {k: v for k, v in {"source": "", "occlusion": None, **n}.items() if k not in ("modified", "id", "tags")}
                  | {"tags": sorted(n["tags"])} for n in notes},
        "cards": {key(card): schedule(card) for card in cards},
        "reviews": sorted((key(cards[r["card"]]), r["at"], r["rating"], r["interval"], r["kind"], r["duration"])
                          for r in package.get("reviews", [])),
        "media": {m["name"]: m["bytes"] for m in package["media"]},
    }


def same(one, other, what):
    one, other = shape(one), shape(other)
    for part in one:
        if one[part] != other[part]:
            print(f"{what}: {part} differ")
            print(json.dumps(one[part], ensure_ascii=False, indent=1))
            print(json.dumps(other[part], ensure_ascii=False, indent=1))
            sys.exit(1)
    print("same:", what)


def check(is_so, what):
    print("ok:" if is_so else "FAILED:", what)
    if not is_so:
        sys.exit(1)


def exported(collection, path, legacy, scheduling=True, deck=None):
    options = ExportAnkiPackageOptions(with_scheduling=scheduling, with_deck_configs=False, with_media=True, legacy=legacy)
    limit = DeckIdLimit(deck) if deck else None
    collection.export_anki_package(out_path=path, options=options, limit=limit)
    return read(path)


def ours_in_anki(folder):
    path = os.path.join(folder, "ours.apkg")
    write(PACKAGE, path)
    same(PACKAGE, read(path), "we read what we wrote")
    collection = Collection(os.path.join(folder, "ours.anki2"))
    check(load(collection, path) == {"new": 5}, "Anki imports five notes")
    check(load(collection, path) == {"duplicate": 5}, "again: no doubles, nothing changed")
    names = {name.name for name in collection.models.all_names_and_ids() if name.name.startswith("Medai")}
    check(len(names) == 4, f"kinds of notes: {sorted(names)}")
    problems, sound = collection.fix_integrity()
    check(sound, f"Anki finds the collection sound: {problems!r}")
    for card in (collection.get_card(id) for id in collection.find_cards("")):
        check("{{" not in card.question().replace("{{c", "") and card.answer(), f"shown: {card.note().guid} {card.ord}")
    cloze = collection.get_note(collection.find_notes('"note:Medai Cloze"')[0])
    check(sorted(card.ord for card in cloze.cards()) == [0, 1, 2], "a cloze has its three cards")
    check(r"\(x_{a_{b} }\)" in cloze.fields[0], "a formula within a deletion")
    check(r"x_{a_{b} }\)" in cloze.cards()[0].answer(), "and it is shown whole")
    check(os.listdir(collection.media.dir()) == ["medai-x.png"], "the image is there")

    same(PACKAGE, exported(collection, os.path.join(folder, "today.apkg"), False), "today's form")
    same(PACKAGE, exported(collection, os.path.join(folder, "older.apkg"), True), "the older form")
    for legacy in (False, True):
        whole = os.path.join(folder, f"whole{legacy}.colpkg")
        collection.export_collection_package(whole, True, legacy)
        same(PACKAGE, read(whole), f"a whole collection, older: {legacy}")
        collection = Collection(os.path.join(folder, "ours.anki2")) if collection.db is None else collection

    changed = copy.deepcopy(PACKAGE)
    changed["notes"][0]["back"] = "changed"
    write(changed, path)
    check(load(collection, path) == {"duplicate": 5}, "changed, but not later: ignored")
    changed["notes"][0]["modified"] = NOW + 10
    changed["notes"][2]["front"] += " {{c4::new}}"
    changed["notes"][2]["modified"] = NOW + 10
    changed["cards"].append({"note": 2, "ordinal": 3, "deck": 1})
    write(changed, path)
    check(load(collection, path) == {"updated": 2, "duplicate": 3}, "changed later: updated")
    after = exported(collection, os.path.join(folder, "after.apkg"), False)
    check(len(after["notes"]) == 5 and len(after["cards"]) == 10, "nothing is doubled, the new card is there")
    check([n["back"] for n in after["notes"] if n["guid"] == "g-basic"] == ["changed"], "the text is the new one")
    changed["cards"][-1]["schedule"] = {}
    changed["media"] = after["media"]
    same(changed, after, "the schedules are kept")

    write(PACKAGE, path, "new")
    fresh = Collection(os.path.join(folder, "fresh.anki2"))
    load(fresh, path)
    check(all(card.type == 0 for card in map(fresh.get_card, fresh.find_cards(""))), "without schedules all is new")
    fresh.close()
    collection.close()


def strangers(folder):
    """What a student makes in Anki itself."""
    collection = Collection(os.path.join(folder, "strangers.anki2"))
    deck = collection.decks.id("AnKing::Step 1")
    image = collection.media.write_data("bild ä.png", bytes(PNG))
    collection.media.write_data("a.mp3", b"sound")

    def add(kind, *fields, tags=()):
        new = collection.new_note(collection.models.by_name(kind))
        for at, field in enumerate(fields):
            new.fields[at] = field
        new.tags = list(tags)
        collection.add_note(new, deck)
        return new

    add("Basic", f"<div>Q</div><img src=\"{image}\">[sound:a.mp3]", "<script>x</script><b>A</b>", tags=["a::b"])
    add("Basic (and reversed card)", "r", "s")
    add("Basic (optional reversed card)", "only", "one")
    add("Cloze", r"{{c1::a}} \(x<y\)".replace("<", "&lt;"), "extra")
    three = collection.models.new("Three")
    for name in ("A", "B", "C"):
        collection.models.add_field(three, collection.models.new_field(name))
    for at, (question, answer) in enumerate((("A", "B"), ("B", "C"), ("C", "A"))):
        template = collection.models.new_template(f"t{at}")
        template["qfmt"], template["afmt"] = f"{{{{{question}}}}}", f"{{{{FrontSide}}}}{{{{hint:{answer}}}}}"
        collection.models.add_template(three, template)
    collection.models.add(three)
    add("Three", "a", "b", "c")
    for id in list(collection.find_cards(""))[:3]:
        card = collection.get_card(id)
        card.start_timer()
        states = collection._backend.get_scheduling_states(card.id)
        answer = collection.sched.build_answer(card=card, states=states, rating=2)
        collection.sched.answer_card(answer)
    for legacy in (False, True):
        found = exported(collection, os.path.join(folder, f"strangers{legacy}.apkg"), legacy)
        by = {(n["front"], n["kind"]): n for n in found["notes"]}
        check(len(found["notes"]) == 7 and len(found["cards"]) == 8, f"seven notes with eight cards, older: {legacy}")
        check(("Q\n![](bild%20ä.png)", "basic") in by and by[("Q\n![](bild%20ä.png)", "basic")]["back"] == "**A**", "cleaned")
        check(("r", "basic_reversed") in by and ("only", "basic") in by, "a pair, and one that is none")
        check(("{{c1::a}} $x<y$", "cloze") in by, "a cloze with a formula")
        check({("a", "basic"), ("b", "basic"), ("c", "basic")} <= set(by), "one note for each of three templates")
        check([m["name"] for m in found["media"]] == ["bild ä.png"], "the image, and no sound")
        check(found["report"]["media_sound"] == 1 and found["report"]["scripts_removed"] == 1, "what was left out is told")
        states = sorted(card["schedule"]["state"] for card in found["cards"])
        check(states.count("learning") == 3 and len(found["reviews"]) == 3, "cards in their steps, and the log")
    collection.close()


def table(folder):
    path = os.path.join(folder, "table")
    write(PACKAGE, path + ".apkg")
    convert(path + ".apkg", path + ".csv")
    collection = Collection(os.path.join(folder, "table.anki2"))
    load(collection, path + ".apkg")
    from anki.import_export_pb2 import ImportCsvRequest

    metadata = collection.get_csv_metadata(path=path + ".csv", delimiter=None)
    log = collection.import_csv(ImportCsvRequest(path=path + ".csv", metadata=metadata)).log
    check(not log.new and log.found_notes == 4, f"Anki reads our table, and doubles nothing: {log.found_notes}")
    convert(path + ".csv", path + ".back.json")
    with open(path + ".back.json") as file:
        back = json.load(file)
    texts = lambda notes: {(n["guid"], n["front"], n["back"]) for n in notes if n["kind"] != "image_occlusion"}
    check(texts(back["notes"]) == texts(NOTES), "we read our table")
    collection.close()


with tempfile.TemporaryDirectory() as folder:
    ours_in_anki(folder)
    strangers(folder)
    table(folder)
    print("all is well")
