"""Makes sentences.json: what onnxruntime's own Python makes of the model. Run once, by hand, with the folder of the
fetched files: pip install onnxruntime tokenizers numpy && python3 make.py target/tools/minilm-int8-…"""

import json
import pathlib
import sys

import numpy
import onnxruntime
import tokenizers

SENTENCES = [
    "Preload is the stretch of the heart muscle at the end of diastole.",
    "What raises afterload?",
    "Die Kontraktilität ist die Kraft des Herzmuskels – café, naïve, 心臓.",
    "Digitalis and adrenaline raise contractility. " * 40,
]

folder = pathlib.Path(sys.argv[1])
tokenizer = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
tokenizer.no_padding()
tokenizer.enable_truncation(256)
session = onnxruntime.InferenceSession(str(folder / "model.onnx"))
made = []
for sentence in SENTENCES:
    ids = numpy.array([tokenizer.encode(sentence).ids])
    inputs = {"input_ids": ids, "attention_mask": numpy.ones_like(ids), "token_type_ids": numpy.zeros_like(ids)}
    vector = session.run(None, inputs)[0][0].mean(axis=0)
    vector /= numpy.linalg.norm(vector)
    made.append({"text": sentence, "vector": [round(float(number), 7) for number in vector]})
(pathlib.Path(__file__).parent / "sentences.json").write_text(json.dumps(made))
