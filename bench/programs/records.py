"""Python objects, records, lists, strings and calls, as old synthetic benchmarks mix them. The argument is a number of rounds."""
import sys


class Record:
    def __init__(self, link=None, kind=0, count=0, text=""):
        self.link = link
        self.kind = kind
        self.count = count
        self.text = text

    def copy(self):
        return Record(self.link, self.kind, self.count, self.text)


def choose(kind):
    if kind == 0:
        return 3
    return kind - 1 if kind > 2 else kind + 2


def fill(vector, matrix, at, value):
    vector[at] = value
    vector[at + 1] = vector[at]
    for i in range(at, at + 2):
        matrix[at][i] = at
    matrix[at][at - 1] += 1
    matrix[at + 20][at] = vector[at]


def is_later(one, other):
    for a, b in zip(one, other):
        if a != b:
            return a > b
    return len(one) > len(other)


def step(record, n):
    following = record.link.copy() if record.link else record.copy()
    record.count = n % 17
    following.count = record.count
    following.link = record.link
    following.kind = choose(record.kind)
    if following.kind == 1:
        following.text = f"{n:05d} records"
    return following


def main(rounds):
    vector, matrix = [0] * 60, [[0] * 60 for _ in range(60)]
    last = Record(kind=1, count=40, text="the first of all records")
    record = Record(last, 2, 7, "and the one behind it")
    total = 0
    words = {}
    for n in range(rounds):
        record = step(record, n)
        fill(vector, matrix, n % 30 + 1, n)
        if is_later(record.text, last.text):
            total += record.count * 3 // 2
        key = "w%d" % (n % 97)
        words[key] = words.get(key, 0) + record.kind
        total = (total * 31 + sum(vector[:4])) % 1000003
    print(total, sorted(words.items())[:5])


main(int(sys.argv[1]))
