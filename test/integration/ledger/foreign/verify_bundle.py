"""Verifies a bundle from docs/ledger-format.md alone, with nothing but Python's own library and none of the product's code.

    python3 verify_bundle.py <folder>     exit 0 when it holds, 1 with the first reason when it does not
"""
import base64
import decimal
import hashlib
import json
import os
import re
import sys


class Broken(Exception):
    pass


def demand(holds, because):
    if not holds:
        raise Broken(because)


# ---- Ed25519 (RFC 8032 section 5.1), verification only

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def add(a, b):
    e = (a[1] - a[0]) * (b[1] - b[0]) % P
    f = (a[1] + a[0]) * (b[1] + b[0]) % P
    g = 2 * a[3] * b[3] * D % P
    h = 2 * a[2] * b[2] % P
    e, f, g, h = f - e, h - g, h + g, f + e
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(n, point):
    total = (0, 1, 1, 0)
    while n:
        if n & 1:
            total = add(total, point)
        point = add(point, point)
        n >>= 1
    return total


def point_of(encoded):
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return (x, y, 1, x * y % P)


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def is_signed(key, message, signature):
    if key is None or signature is None or len(key) != 32 or len(signature) != 64:
        return False
    a, r = point_of(key), point_of(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    one, other = times(s, BASE), add(r, times(h, a))
    return (one[0] * other[2] - other[0] * one[2]) % P == 0 and (one[1] * other[2] - other[1] * one[2]) % P == 0


# ---- Small things

def sha256(data):
    return hashlib.sha256(data).digest()


def unbase64(text):
    try:
        data = base64.b64decode(text, validate=True)
    except (ValueError, TypeError):
        return None
    return data if text and base64.b64encode(data).decode() == text else None


def hashes_of(lines):
    hashes = [unbase64(line) for line in lines]
    demand(all(one is not None and len(one) == 32 for one in hashes), "a hash cannot be read")
    return hashes


def number(value):
    """As ECMAScript spells a number: the shortest digits that read back as it, with an exponent only far from 1."""
    if value == 0:
        return "0"
    sign, digits, exponent = decimal.Decimal(repr(float(value))).normalize().as_tuple()
    text = "".join(map(str, digits))
    point = len(text) + exponent
    if 0 < point <= 21:
        text = text[:point].ljust(point, "0") + ("." + text[point:] if len(text) > point else "")
    elif -6 < point <= 0:
        text = "0." + "0" * -point + text
    else:
        text = text[0] + ("." + text[1:] if len(text) > 1 else "") + f"e{point - 1:+d}"
    return "-" * sign + text


def canonical(value):
    """RFC 8785."""
    if not isinstance(value, bool) and isinstance(value, (int, float)):
        return number(value)
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(canonical(name) + ":" + canonical(value[name]) for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(canonical(each) for each in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def whole(text):
    demand(re.fullmatch(r"0|[1-9][0-9]{0,15}", text) is not None, "a number cannot be read")
    return int(text)


# ---- Tree (RFC 9162 section 2.1)

def leaf_hash(data):
    return sha256(b"\0" + data)


def node_hash(left, right):
    return sha256(b"\1" + left + right)


def root_of(leaves):
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(root_of(leaves[:split]), root_of(leaves[split:]))


def is_included(leaf, index, size, proof, root):
    if index >= size:
        return False
    fn, sn, r = index, size - 1, leaf
    for p in proof:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            r = node_hash(p, r)
            while not fn & 1 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node_hash(r, p)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and r == root


def is_consistent(first, first_root, second, second_root, proof):
    if not 0 < first <= second:
        return False
    if first == second:
        return not proof and first_root == second_root
    if first & (first - 1) == 0:
        proof = [first_root] + proof
    if not proof:
        return False
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = proof[0]
    for c in proof[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node_hash(c, fr), node_hash(c, sr)
            while not fn & 1 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node_hash(sr, c)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr == first_root and sr == second_root


# ---- Checkpoints

class Checkpoint:
    def __init__(self, note):
        self.note = note
        blank = note.rfind("\n\n")
        demand(blank != -1 and note.endswith("\n"), "a checkpoint is no signed note")
        self.text = note[: blank + 1]
        lines = self.text[:-1].split("\n")
        demand(len(lines) >= 3, "a checkpoint lacks a line")
        self.origin, self.size = lines[0], whole(lines[1])
        self.root = unbase64(lines[2])
        demand(self.root is not None and len(self.root) == 32, "the root of a checkpoint cannot be read")
        self.signatures = []
        for line in note[blank + 2 : -1].split("\n"):
            parts = line.split(" ")
            demand(len(parts) == 3 and parts[0] == "\u2014", "a signature line cannot be read")
            data = unbase64(parts[2])
            demand(data is not None and len(data) >= 5, "a signature cannot be read")
            self.signatures.append((parts[1], data[:4], data[4:]))

    def demand_signed(self, origin, key):
        demand(self.origin == origin, "a checkpoint belongs to another log")
        own = [s for name, id, s in self.signatures if name == origin and id == key_id(origin, key)]
        demand(own, "a checkpoint is not signed by the key of the log")
        demand(all(is_signed(key, self.text.encode(), s) for s in own), "the signature of a checkpoint is wrong")


def key_id(name, key):
    return sha256(name.encode() + b"\n\x01" + key)[:4]


def key_text(name, key):
    return f"{name}+{key_id(name, key).hex()}+{base64.b64encode(bytes([1]) + key).decode()}"


# ---- What the entries say

PERSONAL = {
    "incident.closed": ["reason"],
    "model.turn": ["stated"],
    "decision": ["reason"],
    "note": ["text", "challenge"],
    "report": ["text"],
    "stop": ["reason"],
    "stop.lifted": ["reason"],
    "breaker.closed": ["reason"],
    "cause.confirmed": ["inWords", "helped", "didNotHelp"],
    "question": ["question"],
    "review": ["note"],
}


class Keys:
    def __init__(self):
        self.origin, self.since = None, []
        self.approvers, self.given_up = {}, set()

    def add(self, entry):
        body = entry["body"]
        if entry["kind"] == "log.opened":
            demand(entry["seq"] == 0, "a log is opened twice")
            self.origin = body["origin"]
            if body["publicKey"] is not None:
                self.since.append((0, unbase64(body["publicKey"])))
        if entry["kind"] == "key":
            key = unbase64(body["publicKey"])
            if self.since:
                self.demand_handed_over("countersign.key/1", entry, self.since[-1][1], key)
            self.since.append((entry["seq"], key))
        if entry["kind"] == "approver.key":
            self.announce(entry) if "person" in body else self.change(entry)
        if entry["kind"] == "decision":
            self.demand_announced(entry)

    def change(self, entry):
        body, key = entry["body"], unbase64(entry["body"]["publicKey"])
        demand(not self.named(), f"entry {entry['seq']} announces nobody's key")
        for before in list(self.approvers):
            self.demand_handed_over("countersign.approver/1", entry, unbase64(before), key)
            self.give_up(before)
        self.approvers[body["publicKey"]] = None

    def announce(self, entry):
        body, where = entry["body"], f"entry {entry['seq']}"
        person, public, voucher = body["person"], body["publicKey"], body["vouchedBy"]
        lines = ["countersign.approver/2", self.origin, str(entry["seq"]), voucher or "-", public, person]
        text = "".join(line + "\n" for line in lines).encode()
        own = unbase64(body["signatures"]["own"])
        demand(is_signed(unbase64(public), text, own), f"{where} announces a key that did not sign for itself")
        demand(public not in self.given_up, f"{where} announces a key that was given up")
        holders = [key for key, name in self.approvers.items() if name == person]
        if voucher is None:
            demand(not self.approvers or public in self.approvers, f"{where} announces a key nobody vouched for")
            demand(holders in ([], [public]), f"{where} gives a name to a second key")
        else:
            known = self.approvers.get(voucher) is not None and public not in self.approvers
            signature = unbase64(body["signatures"]["voucher"])
            demand(known and is_signed(unbase64(voucher), text, signature), f"{where} was not vouched for")
            demand(holders in ([], [voucher]), f"{where} gives a name to a second key")
            if holders:
                self.give_up(voucher)
        self.approvers[public] = person

    def demand_announced(self, entry):
        body, where = entry["body"], f"entry {entry['seq']}"
        public = body.get("publicKey")
        if "v" not in body and not self.named():
            known = not self.approvers or public is None or public in self.approvers
            demand(known, f"{where} was decided with another key")
            return
        demand("v" in body and self.approvers.get(public) == body["person"], f"{where} was decided by nobody announced")

    def named(self):
        return any(name is not None for name in self.approvers.values())

    def give_up(self, public):
        del self.approvers[public]
        self.given_up.add(public)

    def demand_handed_over(self, what, entry, old, new):
        lines = [what, self.origin, str(entry["seq"])] + [base64.b64encode(one).decode() for one in (old, new)]
        text = "".join(line + "\n" for line in lines).encode()
        for name, signer in (("old", old), ("new", new)):
            signed = is_signed(signer, text, unbase64(entry["body"]["signatures"][name]))
            demand(signed, f"entry {entry['seq']} changes a key without the signature of the {name} one")

    def at(self, size):
        known = [key for seq, key in self.since if seq < size]
        demand(known, "no key was announced for a checkpoint")
        return known[-1]


def check_decision(entry):
    body = dict(entry["body"])
    if entry["kind"] != "decision" or not ("signature" in body or "v" in body):
        return
    if "v" in body:
        members = "v answer person atMs reason proposal proposalDigest shownDigest verdictDigest envelope".split()
        demand(body["v"] == 2, f"entry {entry['seq']} is of a version nobody knows")
        demand(set(body) == set(members + ["signature", "publicKey"]), f"entry {entry['seq']} has other members")
    signature, key = unbase64(body.pop("signature")), unbase64(body.pop("publicKey"))
    actor = entry["actor"]
    demand(actor["kind"] == "person" and actor["name"] == body["person"], f"entry {entry['seq']} is another's decision")
    demand(is_signed(key, canonical(body).encode(), signature), f"entry {entry['seq']} was not signed by its approver")


class Personal:
    def __init__(self, lines):
        self.rows, self.seen, self.gone = {}, 0, set()
        for line in lines:
            row = json.loads(line)
            demand(canonical(row) == line, "a line of personal is not canonical")
            demand((row["seq"], row["member"]) not in self.rows, "a line of personal stands twice")
            self.rows[row["seq"], row["member"]] = row

    def add(self, entry):
        seq, body = entry["seq"], entry["body"]
        for member in PERSONAL.get(entry["kind"], []):
            stands = body.get(member)
            row = self.rows.get((seq, member))
            if not isinstance(stands, dict) or set(stands) != {"$personal"} or row is None:
                continue
            self.seen += 1
            if "erasedBy" in row:
                self.gone.add((seq, member))
                continue
            salt = unbase64(row["salt"])
            data = b"countersign.personal/1\n" + salt + canonical(row["value"]).encode()
            demand(base64.b64encode(sha256(data)).decode() == stands["$personal"], f"entry {seq} says something else")
        if entry["kind"] == "erasure":
            for place, member in body["entries"]:
                row = self.rows.get((place, member))
                if row is None:
                    continue
                demand(row.get("erasedBy") == seq and place < seq, f"entry {seq} did not erase what it says")
                demand((place, member) in self.gone, f"entry {seq} erases twice")
                self.gone.remove((place, member))

    def finish(self):
        demand(self.seen == len(self.rows), "personal has a line that belongs to no entry")
        demand(not self.gone, "something personal is gone without a record")


# ---- The bundle

def verify(folder):
    names = sorted(os.listdir(folder))
    files = {}
    for name in names:
        path = os.path.join(folder, name)
        demand(os.path.isfile(path) and not os.path.islink(path), f"{name} is no file")
        with open(path, "rb") as file:
            files[name] = file.read()

    def text(name):
        demand(name in files, f"{name} is missing")
        return files[name].decode("utf-8")

    def lines(name):
        whole_text = text(name)
        demand(whole_text.endswith("\n"), f"{name} ends within a line")
        return whole_text[:-1].split("\n")

    listed = {line[66:]: line[:64] for line in lines("SHA256SUMS")}
    demand([f"{listed[name]}  {name}" for name in sorted(listed)] == lines("SHA256SUMS"), "SHA256SUMS cannot be read")
    demand(set(listed) == set(names) - {"SHA256SUMS"}, "the files are not those of SHA256SUMS")
    for name, digest in listed.items():
        demand(hashlib.sha256(files[name]).hexdigest() == digest, f"{name} is not the file that SHA256SUMS lists")

    stored = [line.encode() for line in lines("entries.jsonl")]
    complete = "proofs" not in files
    keys, personal = Keys(), Personal(lines("personal") if "personal" in files else [])
    last, realm = -1, None
    for place, data in enumerate(stored):
        entry = json.loads(data)
        demand(canonical(entry).encode() == data, f"line {place} is not canonical")
        demand(entry["seq"] == place if complete else entry["seq"] > last, f"line {place} is out of place")
        realm = realm or entry["realm"]
        demand(entry["v"] == 1 and entry["realm"] == realm, f"entry {entry['seq']} is not of this log")
        last = entry["seq"]
        keys.add(entry)
        check_decision(entry)
        personal.add(entry)
    personal.finish()

    head = Checkpoint(text("checkpoint"))
    head.demand_signed(keys.origin, keys.at(head.size))
    demand(lines("public-key") == [key_text(keys.origin, key) for _, key in keys.since], "public-key names other keys")

    leaves = [leaf_hash(data) for data in stored]
    at = {json.loads(data)["seq"]: leaf for data, leaf in zip(stored, leaves)}
    if complete:
        demand(len(leaves) == head.size, "there are not as many entries as were signed")
        demand(hashes_of(lines("leaf-hashes")) == leaves, "an entry was changed")
        demand(root_of(leaves) == head.root, "the entries are not what was signed")
    else:
        rows = [line.split(" ") for line in lines("proofs")]
        demand(len(rows) == len(stored), "there are not as many proofs as entries")
        for data, row in zip(stored, rows):
            seq, proof = whole(row[0]), hashes_of(row[1:])
            demand(json.loads(data)["seq"] == seq, "a proof is of another entry")
            demand(is_included(leaf_hash(data), seq, head.size, proof, head.root), f"entry {seq} is not what was signed")

    for name in names:
        if match := re.fullmatch(r"checkpoint-(\d+)", name):
            older = Checkpoint(text(name))
            demand(older.size == whole(match[1]), f"{name} is of another size")
            older.demand_signed(keys.origin, keys.at(older.size))
            before, _, note = text(f"consistency-{older.size}").partition("\n\n")
            first, *encoded = before.split("\n")
            demand(first == f"old {older.size}" and note == head.note, f"consistency-{older.size} is of something else")
            proven = is_consistent(older.size, older.root, head.size, head.root, hashes_of(encoded))
            demand(proven, f"the log does not begin with its first {older.size} entries")
        if match := re.fullmatch(r"entry-(\d+)\.tlog-proof", name):
            before, _, note = text(name).partition("\n\n")
            magic, index, *encoded = before.split("\n")
            demand(magic == "c2sp.org/tlog-proof@v1" and note == head.note, f"{name} is no proof for this checkpoint")
            seq = whole(match[1])
            demand(index == f"index {seq}" and seq in at, f"{name} proves another entry")
            proven = is_included(at[seq], seq, head.size, hashes_of(encoded), head.root)
            demand(proven, f"{name} does not prove its entry")


if __name__ == "__main__":
    try:
        verify(sys.argv[1])
    except (Broken, KeyError, TypeError, AttributeError, ValueError, IndexError) as error:
        print(f"does not hold: {error}")
        sys.exit(1)
    print("holds")
