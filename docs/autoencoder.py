"""The network of chapter 02 in PyTorch, its weights as safetensors, and images from IDX files. Needs torch and numpy."""
import gzip
import json
import os
import struct
from collections import OrderedDict

import torch
from torch import Tensor, nn

TYPES = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}


def network() -> nn.Sequential:
    """From images (N, 1, 28, 28) in [0, 1] to logits of the same shape; parameters have the names that our files use."""
    def conv(channels: int, outputs: int) -> nn.Conv2d:
        return nn.Conv2d(channels, outputs, kernel_size=3, padding=1)

    encoder = OrderedDict(conv1=conv(1, 32), relu1=nn.ReLU(), pool1=nn.MaxPool2d(2),
                          conv2=conv(32, 16), relu2=nn.ReLU(), pool2=nn.MaxPool2d(2))
    decoder = OrderedDict(conv1=conv(16, 16), relu1=nn.ReLU(), upsample1=nn.Upsample(scale_factor=2),
                          conv2=conv(16, 32), relu2=nn.ReLU(), upsample2=nn.Upsample(scale_factor=2), conv3=conv(32, 1))
    return nn.Sequential(OrderedDict(encoder=nn.Sequential(encoder), decoder=nn.Sequential(decoder)))


def load(path: str) -> dict[str, Tensor]:
    """The tensors of a safetensors file, by name."""
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        numbers = bytearray(file.read())
    header.pop("__metadata__", None)
    return {name: torch.frombuffer(numbers[slice(*entry["data_offsets"])], dtype=TYPES[entry["dtype"]]).reshape(entry["shape"])
            for name, entry in header.items()}


def save(path: str, tensors: dict[str, Tensor]) -> None:
    """Writes a safetensors file, whole or not at all: each tensor row by row, however it lies in memory, in its own precision."""
    names = {dtype: name for name, dtype in TYPES.items()}
    parts = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    header, end = {}, 0
    for name, part in parts.items():
        start, end = end, end + part.numel() * part.element_size()
        header[name] = {"dtype": names[part.dtype], "shape": list(part.shape), "data_offsets": [start, end]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path + ".tmp", "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for part in parts.values():
            file.write(part.reshape(-1).view(torch.uint8).numpy().tobytes())
    os.replace(path + ".tmp", path)


def images(path: str) -> Tensor:
    """(N, 1, 28, 28), uint8: the images of an IDX file, gzipped (.gz) or not."""
    with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file:
        data = file.read()
    if len(data) < 16 or struct.unpack(">4I", data[:16]) != (0x803, (len(data) - 16) // 784, 28, 28):
        raise SystemExit(f"{path} holds no IDX images of 28 x 28 bytes, or not as many as it says.")
    return torch.frombuffer(bytearray(data), dtype=torch.uint8, offset=16).reshape(-1, 1, 28, 28)
