"""Sorting of texts by a linear model of character pairs and triples, learnt by scikit-learn, asked by numpy alone.

A model is a ZIP of arrays (`numpy.load` without pickle) and its vocabulary as JSON. Digits become 0 before anything is learnt, so
that no number of a customer ends up in a model. Both libraries are imported when first needed: only a worker pays for them.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from app.domain.folding import fold

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_FORMAT = 1
_LONGEST = 4000  # characters of a text that are looked at
_MOST_FEATURES = 16_000
_LARGEST_MODEL = 64 * 1024 * 1024
_NOISE = re.compile(r"[\W_]+")
_DIGITS = re.compile(r"[0-9]")
_UNKNOWN = -0.55  # the margin of "none of these": what no kind claims is not forced on one
_FAMILIAR = 0.25  # of the pairs and triples of a text
_TEMPERATURES = (0.08, 0.12, 0.18, 0.25, 0.35, 0.5, 0.7)
_USUAL_TEMPERATURE = 0.25
_FOR_TEMPERATURE = 5  # every fifth text of each label fits the temperature, where there are enough


class LinearSorter:
    """TF-IDF of character 2–3-grams and one line a label (LinearSVC), margins turned into shares of belief."""

    def train(self, texts: Sequence[str], labels: Sequence[str]) -> bytes:
        """Return a model; raises `ValueError` with fewer than two labels."""
        if len(set(labels)) < 2 or len(texts) != len(labels):
            raise ValueError("nothing to tell apart")
        grams = [_grams(text) for text in texts]
        model = _Model.learn(grams, labels)
        return model.dump()

    def rank(self, model: bytes, texts: Sequence[str]) -> list[list[tuple[str, float]]]:
        """Return for each text the labels, likeliest first, with how sure (0..1); raises `ValueError` for no model."""
        learnt = _Model.load(model)
        return [learnt.rank(_grams(text)) for text in texts]


class _Model:
    def __init__(
        self,
        labels: list[str],
        vocabulary: dict[str, int],
        rarity: NDArray[np.float32],
        lines: NDArray[np.float32],
        shift: NDArray[np.float32],
        temperature: float,
    ) -> None:
        self.labels = labels
        self.vocabulary = vocabulary
        self.rarity = rarity
        self.lines = lines
        self.shift = shift
        self.temperature = temperature

    @classmethod
    def learn(cls, grams: list[Counter[str]], labels: Sequence[str]) -> _Model:
        """Return a model of all texts whose temperature was fitted on some that a first one did not see."""
        apart = _set_apart(labels)
        temperature = _USUAL_TEMPERATURE
        if apart:
            seen = [at for at in range(len(labels)) if at not in apart]
            first = cls._fit([grams[at] for at in seen], [labels[at] for at in seen], _USUAL_TEMPERATURE)
            temperature = first.fitting_temperature([(grams[at], labels[at]) for at in sorted(apart)])
        return cls._fit(grams, labels, temperature)

    @classmethod
    def _fit(cls, grams: list[Counter[str]], labels: Sequence[str], temperature: float) -> _Model:
        import numpy as np
        from sklearn.svm import LinearSVC

        vocabulary, rarity = _vocabulary(grams)
        names = sorted(set(labels))
        model = cls(
            names, vocabulary, rarity, np.zeros((len(names), len(vocabulary)), np.float32), rarity[:0], temperature
        )
        machine = LinearSVC(C=1.0, random_state=0)
        machine.fit(
            _matrix([model._vector(gram) for gram in grams], len(vocabulary)), [names.index(label) for label in labels]
        )
        lines, shift = machine.coef_.astype(np.float32), machine.intercept_.astype(np.float32)
        if len(names) == 2:  # scikit-learn draws one line between two labels
            lines, shift = np.vstack([-lines, lines]), np.concatenate([-shift, shift])
        model.lines, model.shift = lines, shift
        return model

    def fitting_temperature(self, samples: list[tuple[Counter[str], str]]) -> float:
        """Return the temperature at which the true labels of `samples` are likeliest."""
        import numpy as np

        margins = [(self._margins(gram), self.labels.index(label)) for gram, label in samples if label in self.labels]

        def loss(temperature: float) -> float:
            return float(-sum(np.log(_shares(margin, temperature)[true] + 1e-9) for margin, true in margins))

        return min(_TEMPERATURES, key=loss)

    def rank(self, gram: Counter[str]) -> list[tuple[str, float]]:
        """Return the labels with their shares, likeliest first."""
        shares = _shares(self._margins(gram), self.temperature) * self._familiarity(gram)
        return sorted(zip(self.labels, map(float, shares), strict=True), key=lambda pair: (-pair[1], pair[0]))

    def _familiarity(self, gram: Counter[str]) -> float:
        """Return 1 for a text of words that the model knows, less for one that is strange to it."""
        known = sum(count for word, count in gram.items() if word in self.vocabulary)
        return min(1.0, known / (sum(gram.values()) * _FAMILIAR)) if gram else 0.0

    def _margins(self, gram: Counter[str]) -> NDArray[np.float32]:
        places, weights = self._vector(gram)
        margins: NDArray[np.float32] = self.lines[:, places] @ weights + self.shift
        return margins

    def _vector(self, gram: Counter[str]) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        import numpy as np

        known = [(self.vocabulary[word], count) for word, count in gram.items() if word in self.vocabulary]
        places = np.fromiter((place for place, _ in known), np.intp, len(known))
        counts = np.fromiter((count for _, count in known), np.float32, len(known))
        weights = (1 + np.log(counts)) * self.rarity[places]
        length = float(np.linalg.norm(weights))
        return places, (weights / length if length else weights).astype(np.float32)

    def dump(self) -> bytes:
        """Return the model as bytes; lines are kept in half precision, which no verdict notices."""
        import numpy as np

        arrays = io.BytesIO()
        np.savez_compressed(arrays, rarity=self.rarity, lines=self.lines.astype(np.float16), shift=self.shift)
        words = sorted(self.vocabulary, key=self.vocabulary.__getitem__)
        head = {"format": _FORMAT, "labels": self.labels, "temperature": self.temperature, "words": words}
        whole = io.BytesIO()
        with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as packed:
            # Without the time of day: the same lesson makes the same bytes, which the store keeps once.
            packed.writestr(zipfile.ZipInfo("head.json"), json.dumps(head, ensure_ascii=False), zipfile.ZIP_DEFLATED)
            packed.writestr(zipfile.ZipInfo("arrays.npz"), arrays.getvalue())
        return whole.getvalue()

    @classmethod
    def load(cls, data: bytes) -> _Model:
        """Return the model that `dump` wrote; raises `ValueError` on anything else."""
        import numpy as np

        if len(data) > _LARGEST_MODEL:
            raise ValueError("no model")
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as packed:
                head: dict[str, Any] = json.loads(packed.read("head.json"))
                with np.load(io.BytesIO(packed.read("arrays.npz")), allow_pickle=False) as arrays:
                    rarity, lines, shift = arrays["rarity"], arrays["lines"].astype(np.float32), arrays["shift"]
            return cls._checked(head, rarity, lines, shift)
        except (zipfile.BadZipFile, KeyError, OSError, EOFError, TypeError) as error:
            raise ValueError("no model") from error

    @classmethod
    def _checked(
        cls, head: dict[str, Any], rarity: NDArray[np.float32], lines: NDArray[np.float32], shift: NDArray[np.float32]
    ) -> _Model:
        labels, words = head["labels"], head["words"]
        if head["format"] != _FORMAT or lines.shape != (len(labels), len(words)) or len(shift) != len(labels):
            raise ValueError("no model")
        return cls(
            labels, {word: at for at, word in enumerate(words)}, rarity, lines, shift, float(head["temperature"])
        )


def _grams(text: str) -> Counter[str]:
    bare = _DIGITS.sub("0", _NOISE.sub("", fold(text[: _LONGEST * 2])))[:_LONGEST]
    pairs = Counter(bare[at : at + 2] for at in range(len(bare) - 1))
    pairs.update(bare[at : at + 3] for at in range(len(bare) - 2))
    return pairs


def _vocabulary(grams: list[Counter[str]]) -> tuple[dict[str, int], NDArray[np.float32]]:
    """Return the pairs and triples that stand in several texts, and their rarity; what one customer alone has is left out."""
    import numpy as np

    pages: Counter[str] = Counter()
    for gram in grams:
        pages.update(gram.keys())
    least = 2 if len(grams) < 200 else 3
    kept = [word for word, count in pages.most_common(_MOST_FEATURES) if count >= least] or list(pages)
    vocabulary = {word: at for at, word in enumerate(sorted(kept))}
    counts = np.array([pages[word] for word in vocabulary], np.float32)
    return vocabulary, (np.log((1 + len(grams)) / (1 + counts)) + 1).astype(np.float32)


def _matrix(vectors: list[tuple[NDArray[np.intp], NDArray[np.float32]]], width: int) -> Any:
    import numpy as np
    from scipy.sparse import csr_matrix

    starts = np.concatenate([[0], np.cumsum([len(places) for places, _ in vectors])])
    places = np.concatenate([places for places, _ in vectors])
    return csr_matrix(
        (np.concatenate([weights for _, weights in vectors]), places, starts), shape=(len(vectors), width)
    )


def _set_apart(labels: Sequence[str]) -> set[int]:
    """Return every fifth text of each label that has ten or more."""
    by_label: dict[str, list[int]] = {}
    for at, label in enumerate(labels):
        by_label.setdefault(label, []).append(at)
    enough = [places for places in by_label.values() if len(places) >= 2 * _FOR_TEMPERATURE]
    return {place for places in enough for place in places[::_FOR_TEMPERATURE]}


def _shares(margins: NDArray[np.float32], temperature: float) -> NDArray[np.float64]:
    """Return how much belief each margin gets, the rest going to "none of these"."""
    import numpy as np

    scaled = np.append(margins.astype(np.float64), _UNKNOWN) / temperature
    raised = np.exp(scaled - scaled.max())
    shares: NDArray[np.float64] = raised[:-1] / raised.sum()
    return shares
