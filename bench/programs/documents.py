"""JSON documents, written and read again. The argument is a number of rounds."""
import json
import sys

documents = [
    {
        "id": n,
        "name": "document %d \u00e9\u4e2d" % n,
        "tags": ["t%d" % (n * k % 50) for k in range(12)],
        "size": {"width": n * 1.5, "height": n / 7, "depth": [n, n * n, -n]},
        "ok": n % 3 == 0,
        "none": None,
    }
    for n in range(200)
]
total = 0
for turn in range(int(sys.argv[1])):
    text = json.dumps(documents, indent=None if turn % 2 else 1, sort_keys=turn % 3 == 0)
    documents = json.loads(text)
    documents[turn % 200]["tags"].append(str(turn))
    total = (total * 31 + len(text)) % 1000003
print(total)
