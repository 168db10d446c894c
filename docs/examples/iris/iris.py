#!/usr/bin/env python3
"""Tells the three irises of Fisher apart: a Gaussian naive Bayes classifier in four stages.

    iris.py read    settings.json               the flowers, split into those to learn from and those to test with
    iris.py train   data.json                   what the measurements of each species look like
    iris.py predict model.json data.json        the species that the model sees in the flowers of the test
    iris.py check   predictions.json settings.json
                                                how often it was right; exit code 1 when that is not often enough

Each stage reads JSON objects from the files named (later ones win) and prints one JSON object.
The same input gives the same output, wherever and however often it runs. Python 3, nothing to install.
"""

import csv
import hashlib
import json
import math
import sys

MEASUREMENTS = ["sepal_length", "sepal_width", "petal_length", "petal_width"]


def read(given):
    """Splits the file into train and test; each species gives its share to the test."""
    holdout = given["holdout"]
    if not 0 < holdout < 1:
        sys.exit(f"holdout must lie between 0 and 1, not be {holdout}")
    with open(given["file"], newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    by_species = {}
    for number, row in enumerate(rows):
        flower = [float(row[name]) for name in MEASUREMENTS] + [row["species"]]
        order = hashlib.sha256(str(number).encode()).hexdigest()  # a shuffle that is the same everywhere
        by_species.setdefault(row["species"], []).append((order, flower))
    train, test = [], []
    for _, flowers in sorted(by_species.items()):
        flowers = [flower for _, flower in sorted(flowers)]
        kept = round(len(flowers) * holdout)
        test += flowers[:kept]
        train += flowers[kept:]
    print(f"read {len(rows)} flowers: {len(train)} to learn from, {len(test)} to test with", file=sys.stderr)
    return {"train": train, "test": test}


def train(given):
    """Learns the mean and the variance of each measurement of each species."""
    flowers = given["train"]
    model = {}
    for species in sorted({flower[-1] for flower in flowers}):
        columns = list(zip(*[flower[:-1] for flower in flowers if flower[-1] == species]))
        means = [sum(column) / len(column) for column in columns]
        variances = [
            sum((value - mean) ** 2 for value in column) / len(column) + 1e-6
            for column, mean in zip(columns, means)
        ]
        model[species] = {"share": len(columns[0]) / len(flowers), "means": means, "variances": variances}
    print(f"learnt {len(model)} species from {len(flowers)} flowers", file=sys.stderr)
    return {"model": model}


def log_likelihood(species, measurements):
    """How well the measurements fit the species; higher is better."""
    return math.log(species["share"]) - sum(
        0.5 * math.log(2 * math.pi * variance) + (value - mean) ** 2 / (2 * variance)
        for value, mean, variance in zip(measurements, species["means"], species["variances"])
    )


def predict(given):
    """Names the most likely species of each flower of the test."""
    model = given["model"]
    predictions = [
        {"species": flower[-1], "predicted": max(model, key=lambda name: log_likelihood(model[name], flower[:-1]))}
        for flower in given["test"]
    ]
    print(f"predicted the species of {len(predictions)} flowers", file=sys.stderr)
    return {"predictions": predictions}


def check(given):
    """Compares with the truth, and fails where the model is not good enough."""
    predictions = given["predictions"]
    wrong = [each for each in predictions if each["species"] != each["predicted"]]
    accuracy = round(1 - len(wrong) / len(predictions), 4)
    for each in wrong:
        print(f"took a {each['species']} for a {each['predicted']}", file=sys.stderr)
    if accuracy < given["minimum_accuracy"]:
        sys.exit(f"accuracy {accuracy} is below the minimum of {given['minimum_accuracy']}")
    return {"accuracy": accuracy, "tested": len(predictions), "wrong": len(wrong)}


STAGES = {"read": read, "train": train, "predict": predict, "check": check}


def main(arguments):
    if len(arguments) < 2 or arguments[0] not in STAGES:
        sys.exit(__doc__)
    given = {}
    for name in arguments[1:]:
        with open(name, encoding="utf-8") as file:
            given.update(json.load(file))
    json.dump(STAGES[arguments[0]](given), sys.stdout)
    print()


if __name__ == "__main__":
    main(sys.argv[1:])
