"""Writes matrices as `src/lipsync/timing/model.ts` reads them."""
import struct
import numpy as np


def matrix(weight, bias):
    """Rows and columns, scale and bias of each row, signed bytes."""
    w = weight.detach().numpy().astype(np.float64)
    scale = np.maximum(np.abs(w).max(1), 1e-8) / 127
    q = np.round(w / scale[:, None]).astype(np.int8)
    head = struct.pack('<HH', *w.shape)
    rows = b''.join(struct.pack('<ff', s, v) for s, v in zip(scale, bias.detach().numpy()))
    return head + rows + q.tobytes()
