"""Trains the sound model on what corpus.ts wrote and writes its weights.

    nice python3 training/train.py CORPUS OUT.bin [--minutes 12] [--from OUT.bin.pt]

CORPUS, one folder or several parted by commas, holds frames.f32 (levelled log-mel frames), labels.u8 (a sound for each) and lines.json
(for each line its number of frames and whether it is held out).
"""
import json, sys, time
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from matrices import matrix

BANDS = 26
FIRST, SECOND = (2, 3), (2, 4)  # Frames before and after, as in hearing.ts.


def option(name, default):
    return float(sys.argv[sys.argv.index(name) + 1]) if name in sys.argv else default


class Sounds(nn.Module):
    def __init__(self, sounds, a=64, b=80, h=112):
        super().__init__()
        self.first = nn.Conv1d(BANDS, a, sum(FIRST) + 1)
        self.second = nn.Conv1d(a, b, sum(SECOND) + 1)
        self.gru = nn.GRU(b, h, batch_first=True)
        self.last = nn.Linear(h + b, sounds)
        self.drop = nn.Dropout(0.1)

    def forward(self, x):  # batch, frames, bands
        y = F.relu(self.first(F.pad(x.transpose(1, 2), FIRST)))
        y = F.relu(self.second(F.pad(self.drop(y), SECOND))).transpose(1, 2)
        z, _ = self.gru(self.drop(y))
        return self.last(torch.cat([self.drop(z), y], 2))


def conv(layer):  # The product runs over frames, then over what a frame holds.
    return matrix(layer.weight.permute(0, 2, 1).reshape(layer.weight.shape[0], -1), layer.bias)


def export(net, path):
    with open(path, 'wb') as f:
        f.write(conv(net.first) + conv(net.second))
        f.write(matrix(net.gru.weight_ih_l0, net.gru.bias_ih_l0) + matrix(net.gru.weight_hh_l0, net.gru.bias_hh_l0))
        f.write(matrix(net.last.weight, net.last.bias))


def main():
    folder, out = sys.argv[1], sys.argv[2]
    torch.set_num_threads(1)
    torch.manual_seed(1)
    rng = np.random.default_rng(1)
    parts = [(json.load(open(f'{f}/lines.json')), np.fromfile(f'{f}/frames.f32', np.float32).reshape(-1, BANDS),
              np.fromfile(f'{f}/labels.u8', np.uint8)) for f in folder.split(',')]
    sounds = parts[0][0]['sounds']
    frames = np.concatenate([p[1] for p in parts])
    labels = np.concatenate([p[2] for p in parts]).astype(np.int64)
    labels[labels == 255] = -100
    train, held, at = [], {}, 0
    for line in (line for p in parts for line in p[0]['lines']):
        span = (at, at + line['frames'])
        at = span[1]
        if line['held']:
            held.setdefault(line['set'], []).append(span)
        else:
            train.append(span)
    train = [s for s in train if s[1] - s[0] > 50]
    total = sum(b - a for a, b in train)
    print(f'{len(train)} lines, {total / 6000:.0f} minutes to train on; held out: '
          + ', '.join(f'{k} {len(v)}' for k, v in held.items()), flush=True)
    net = Sounds(len(sounds))
    if '--from' in sys.argv:
        net.load_state_dict(torch.load(sys.argv[sys.argv.index('--from') + 1]))
    print(sum(p.numel() for p in net.parameters()), 'weights', flush=True)
    minutes, rate = option('--minutes', 12), option('--rate', 2e-3)
    length, batch = 200, 32
    per_epoch = total // (length * batch)
    best = torch.optim.AdamW(net.parameters(), rate, weight_decay=1e-4)
    weights = np.array([b - a for a, b in train], float)
    weights /= weights.sum()
    start = time.time()
    epoch = 0
    while time.time() - start < 60 * minutes:
        epoch += 1
        net.train()
        sum_loss = 0
        for _ in range(per_epoch):
            x = np.zeros((batch, length, BANDS), np.float32)
            y = np.full((batch, length), -100, np.int64)
            for i, pick in enumerate(rng.choice(len(train), batch, p=weights)):
                a, b = train[pick]
                first = a if rng.random() < 0.35 or b - a <= length else rng.integers(a, b - length)
                n = min(b - first, length)
                x[i, :n] = frames[first:first + n]
                y[i, :n] = labels[first:first + n]
                if rng.random() < 0.3:  # A band or two that tell nothing.
                    w = rng.integers(1, 5)
                    c = rng.integers(0, BANDS - w)
                    x[i, :, c:c + w] = 0
            z = net(torch.from_numpy(x))
            loss = F.cross_entropy(z.flatten(0, 1), torch.from_numpy(y).flatten(), label_smoothing=0.03)
            # Up in the first tenth of the time, then down in a half cosine: it ends when the time does.
            done = min((time.time() - start) / 60 / minutes, 1)
            for group in best.param_groups:
                group['lr'] = rate * min(done / 0.1 + 0.05, 0.5 + 0.5 * np.cos(np.pi * done) + 0.01)
            best.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            best.step()
            sum_loss += loss.item()
        net.eval()
        found = []
        with torch.no_grad():
            for name, spans in held.items():
                right = n = 0
                for a, b in spans[:40]:
                    z = net(torch.from_numpy(frames[None, a:b]))[0].argmax(1).numpy()
                    right += (z == labels[a:b]).sum()
                    n += b - a
                found.append(f'{name} {100 * right / n:.1f}')
        spent = (time.time() - start) / 60
        print(f'{epoch}: {spent:.1f} min, loss {sum_loss / per_epoch:.3f}; held out, % of frames: '
              + ', '.join(found), flush=True)
        export(net, out)
        torch.save(net.state_dict(), out + '.pt')


main()
