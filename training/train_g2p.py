"""Trains the English reader (spelling to phones) on the CMU Pronouncing Dictionary and writes its weights and the
frequent words that it reads wrongly.

    nice python3 training/train_g2p.py WORDS.tsv OUT [--epochs 6] [--from OUT.pt]

WORDS.tsv comes from g2p-words.ts: a word, its phones, its rank by frequency. OUT.bin are the weights, OUT.json the phones
of each label and the exceptions.
"""
import json, math, os, sys, time
from collections import defaultdict
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from matrices import matrix

LETTERS = "abcdefghijklmnopqrstuvwxyz'"
WIDTH = 5
NEAR = {  # Phones that look alike: a word read so is read rightly.
    'ax': 'eh', 'iy': 'ih', 'y': 'ih', 'ix': 'ih', 'z': 's', 'b': 'p', 'm': 'p', 'v': 'f', 'dh': 'th', 'd': 't', 'g': 'k',
    'n': 'l', 'ng': 'l', 'r': 'er', 'sh': 'ch', 'zh': 'ch', 'jh': 'ch', 'ae': 'aa', 'ah': 'aa', 'uw': 'uh', 'w': 'uh',
}


def option(name, default):
    return float(sys.argv[sys.argv.index(name) + 1]) if name in sys.argv else default


def align(words, rounds=4):
    """Gives each letter none, one or two phones, by expectation maximisation with best paths."""
    cost = defaultdict(lambda: 3.0)
    vowels = set('aa ae ah ao aw ax ay eh er ey ih iy ow oy uh uw'.split())

    def first(letter, ids):
        if not ids:
            return 2.5 if letter not in "e'hg" else 1.0
        c = 0.5 if (letter in 'aeiouy') == (ids[0] in vowels) else 4.0
        return c + (3.5 if len(ids) > 1 else 0)

    def path(word, phones, price):
        n, m = len(word), len(phones)
        best = [[math.inf] * (m + 1) for _ in range(n + 1)]
        back = [[0] * (m + 1) for _ in range(n + 1)]
        best[0][0] = 0
        for i in range(n):
            for j in range(m + 1):
                if best[i][j] == math.inf:
                    continue
                for k in range(0, min(2, m - j) + 1):
                    c = best[i][j] + price(word[i], tuple(phones[j:j + k]))
                    if c < best[i + 1][j + k]:
                        best[i + 1][j + k], back[i + 1][j + k] = c, k
        if best[n][m] == math.inf:
            return None
        out, j = [], m
        for i in range(n, 0, -1):
            k = back[i][j]
            out.append(tuple(phones[j - k:j]))
            j -= k
        return out[::-1]

    sample = words[::4]
    price = first
    for _ in range(rounds):
        counts = defaultdict(float)
        totals = defaultdict(float)
        for word, phones, _ in sample:
            for letter, ids in zip(word, path(word, phones, price) or []):
                counts[letter, ids] += 1
                totals[letter] += 1
        table = {k: -math.log((v + 0.01) / (totals[k[0]] + 1)) for k, v in counts.items()}
        price = lambda letter, ids, table=table: table.get((letter, ids), 12.0)
    return [path(word, phones, price) for word, phones, _ in words]


class Reader(nn.Module):
    def __init__(self, labels, a=64, h=72):
        super().__init__()
        self.first = nn.Conv1d(len(LETTERS), a, WIDTH)
        self.gru = nn.GRU(a, h, batch_first=True, bidirectional=True)
        self.last = nn.Linear(2 * h, labels)
        self.drop = nn.Dropout(0.1)

    def forward(self, x, lengths):
        y = F.relu(self.first(F.pad(x.transpose(1, 2), (WIDTH // 2, WIDTH // 2)))).transpose(1, 2)
        packed = nn.utils.rnn.pack_padded_sequence(self.drop(y), lengths, batch_first=True, enforce_sorted=False)
        z, _ = nn.utils.rnn.pad_packed_sequence(self.gru(packed)[0], batch_first=True)
        return self.last(self.drop(z))


def main():
    torch.set_num_threads(1)
    torch.manual_seed(1)
    rng = np.random.default_rng(1)
    words = []
    for line in open(sys.argv[1]):
        word, phones, rank = line.rstrip('\n').split('\t')
        words.append((word, phones.split(' '), int(rank)))
    cache = sys.argv[2] + '.aligned.json'
    if os.path.exists(cache):
        aligned = [one and [tuple(ids) for ids in one] for one in json.load(open(cache))]
    else:
        aligned = align(words)
        json.dump(aligned, open(cache, 'w'))
    counts = defaultdict(int)
    for one in aligned:
        for ids in one or []:
            counts[ids] += 1
    labels = [ids for ids, n in counts.items() if n >= 15]
    index = {ids: i for i, ids in enumerate(labels)}
    data = [(w, [index[i] for i in one], rank, phones) for (w, phones, rank), one in zip(words, aligned)
            if one and all(i in index for i in one)]
    test = [d for i, d in enumerate(data) if i % 20 == 0]
    train = [d for i, d in enumerate(data) if i % 20]
    print(len(words), 'words,', len(data), 'aligned,', len(labels), 'labels', flush=True)
    net = Reader(len(labels))
    again = '--from' in sys.argv
    if again:
        net.load_state_dict(torch.load(sys.argv[sys.argv.index('--from') + 1]))
    epochs, batch = int(option('--epochs', 6)), 128
    weight = np.array([2.5 if r < 40000 else 1 for _, _, r, _ in train])
    per_epoch = len(train) // batch
    best = torch.optim.Adam(net.parameters(), 3e-3)
    plan = torch.optim.lr_scheduler.OneCycleLR(best, 4e-3, total_steps=epochs * per_epoch + 1, pct_start=0.02 if again else 0.3)

    def tensors(items):
        longest = max(len(i[0]) for i in items)
        x = np.zeros((len(items), longest, len(LETTERS)), np.float32)
        y = np.full((len(items), longest), -100, np.int64)
        for i, (word, ids, _, _) in enumerate(items):
            x[i, np.arange(len(word)), [LETTERS.index(c) for c in word]] = 1
            y[i, :len(ids)] = ids
        return torch.from_numpy(x), torch.from_numpy(y), [len(i[0]) for i in items]

    def read(items):
        out = []
        with torch.no_grad():
            for at in range(0, len(items), 512):
                x, _, lengths = tensors(items[at:at + 512])
                for row, n in zip(net(x, lengths).argmax(2).tolist(), lengths):
                    out.append([p for l in row[:n] for p in labels[l]])
        return out

    start = time.time()
    for epoch in range(epochs):
        net.train()
        for _ in range(per_epoch):
            items = [train[i] for i in rng.choice(len(train), batch, p=weight / weight.sum())]
            x, y, lengths = tensors(items)
            loss = F.cross_entropy(net(x, lengths).flatten(0, 1), y.flatten())
            best.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            best.step()
            plan.step()
        net.eval()
        got = read(test)
        right = sum(g == d[3] for g, d in zip(got, test))
        look = sum([NEAR.get(p, p) for p in g] == [NEAR.get(p, p) for p in d[3]] for g, d in zip(got, test))
        print(f'{epoch + 1}: {(time.time() - start) / 60:.1f} min, words never seen: {100 * right / len(test):.1f} % right, '
              f'{100 * look / len(test):.1f} % look right', flush=True)
        save(net, labels, words, read)


def save(net, labels, words, read):
    w = net.gru
    with open(sys.argv[2] + '.bin', 'wb') as f:
        f.write(matrix(net.first.weight.permute(0, 2, 1).reshape(net.first.weight.shape[0], -1), net.first.bias))
        f.write(matrix(w.weight_ih_l0, w.bias_ih_l0) + matrix(w.weight_hh_l0, w.bias_hh_l0))
        f.write(matrix(w.weight_ih_l0_reverse, w.bias_ih_l0_reverse) + matrix(w.weight_hh_l0_reverse, w.bias_hh_l0_reverse))
        f.write(matrix(net.last.weight, net.last.bias))
    torch.save(net.state_dict(), sys.argv[2] + '.pt')
    common = [(x, None, r, p) for x, p, r in words if r < 25000]
    common = [(x, [], r, p) for x, _, r, p in common]
    got = read(common)
    wrong = {d[0]: ' '.join(d[3]) for g, d in zip(got, common)
             if [NEAR.get(p, p) for p in g] != [NEAR.get(p, p) for p in d[3]]}
    print(len(common), 'common words,', len(wrong), 'exceptions', flush=True)
    json.dump({'labels': [' '.join(l) for l in labels], 'exceptions': wrong}, open(sys.argv[2] + '.json', 'w'))


main()
