"""What is to be painted: photos x paintings x settings x values."""

import os
import shlex
import shutil
from dataclasses import dataclass, field

from judging.run import Failed

PICTURES = (".jpg", ".jpeg", ".png", ".bmp", ".ppm", ".webp", ".tif", ".tiff", ".avif", ".heic")


def program_of(name):
    """The file behind the name of a program; what it is decides what is painted again."""
    found = shutil.which(name)
    if not found:
        raise Failed(f"{name}: no such program; expected nst (scripts/nst builds it)")
    return os.path.realpath(found)


def stem(path):
    return os.path.splitext(os.path.basename(path))[0]


def pictures_of(paths, what):
    """Files as they are, folders as the pictures in them."""
    found = []
    for path in paths:
        if os.path.isdir(path):
            inside = sorted(name for name in os.listdir(path) if name.lower().endswith(PICTURES))
            if not inside:
                raise Failed(f"{path}: no picture in this folder; expected {what}")
            found += [os.path.join(path, name) for name in inside]
        elif os.path.isfile(path):
            found.append(path)
        else:
            raise Failed(f"{path}: no such file; expected {what}")
    names = [stem(path) for path in found]
    for name in names:
        if names.count(name) > 1:
            raise Failed(f"{name}: two {what} have this name; expected different ones")
    return found


@dataclass(frozen=True)
class Pair:
    photo: str
    painting: str

    @property
    def name(self):
        return f"{stem(self.photo)}_{stem(self.painting)}"

    @property
    def title(self):
        return f"{stem(self.photo)} \N{MULTIPLICATION SIGN} {stem(self.painting)}"


@dataclass(frozen=True)
class Setting:
    """A way to paint: a program and its options."""
    name: str
    program: str
    options: tuple

    @staticmethod
    def parse(text, program):
        name, equals, command = text.partition("=")
        if not equals or not name:
            raise Failed(f"--setting {text}: expected NAME=OPTIONS, or NAME=PROGRAM OPTIONS")
        try:
            words = shlex.split(command)
        except ValueError as error:
            raise Failed(f"--setting {text}: {error}") from error
        if words and not words[0].startswith("-"):
            program = words.pop(0)
        return Setting(name, program_of(program), tuple(words))

    def command(self):
        return " ".join(shlex.quote(word) for word in (os.path.basename(self.program), *self.options))


@dataclass
class Results:
    """Finished pictures by somebody else, taken as they are."""
    name: str
    files: dict = field(default_factory=dict)  # of pairs

    @staticmethod
    def parse(text, pairs):
        """NAME=FILE when there is one pair, NAME=FOLDER with files named PHOTO_PAINTING, where a
        part of the painting's name will do if it says which one is meant."""
        name, equals, path = text.partition("=")
        if not equals or not name or not path:
            raise Failed(f"--result {text}: expected NAME=FILE or NAME=FOLDER")
        results = Results(name)
        if os.path.isfile(path):
            if len(pairs) != 1:
                raise Failed(f"--result {text}: one picture for {len(pairs)} pairs; expected a folder")
            results.files[pairs[0]] = path
        elif os.path.isdir(path):
            for file in pictures_of([path], "results"):
                pair = _pair_of(stem(file), pairs)
                if pair:
                    results.files[pair] = file
        if not results.files:
            raise Failed(f"--result {text}: nothing here is named PHOTO_PAINTING by the pairs asked for")
        return results


def _pair_of(name, pairs):
    exact = [pair for pair in pairs if pair.name == name]
    part = [pair for pair in pairs if name.startswith(stem(pair.photo) + "_")
            and name[len(stem(pair.photo)) + 1:] in stem(pair.painting)]
    if exact:
        return exact[0]
    return part[0] if len(part) == 1 else None


@dataclass
class Point:
    """One picture and what was found."""
    pair: Pair
    setting: str
    value: str          # of the option that is varied; "" when none is
    file: str
    wall: float = None  # seconds; None for finished pictures
    cpu: float = None
    found: dict = None  # by judging.ruler
    asked: bool = True  # False for one that was only painted to compare at equal content
