"""Trains the network of chapter 02 in PyTorch, channels last, and prints the images a second of the last epoch."""
import sys
import time

import torch
from torch import nn

path, batch_size, epochs, threads = sys.argv[1], *map(int, sys.argv[2:5])
torch.set_num_threads(threads)
torch.manual_seed(42)
with open(path, "rb") as file:
    images = torch.frombuffer(bytearray(file.read()), dtype=torch.uint8).view(-1, 1, 28, 28).float() / 255
model = nn.Sequential(
    nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(inplace=True), nn.MaxPool2d(2),
    nn.Conv2d(32, 16, 3, padding=1), nn.ReLU(inplace=True), nn.MaxPool2d(2),
    nn.Conv2d(16, 16, 3, padding=1), nn.ReLU(inplace=True), nn.Upsample(scale_factor=2),
    nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(inplace=True), nn.Upsample(scale_factor=2),
    nn.Conv2d(32, 1, 3, padding=1)).to(memory_format=torch.channels_last)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for _ in range(epochs):
    start = time.perf_counter()
    for indices in torch.randperm(len(images)).split(batch_size):
        x = images[indices].contiguous(memory_format=torch.channels_last)
        optimizer.zero_grad(set_to_none=True)
        nn.functional.binary_cross_entropy_with_logits(model(x), x).backward()
        optimizer.step()
    seconds = time.perf_counter() - start
print(len(images) / seconds)
