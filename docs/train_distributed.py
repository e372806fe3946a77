"""Trains the network of chapter 02 further, in any number of processes on any number of machines:

    torchrun --nproc_per_node 2 docs/train_distributed.py START.safetensors IMAGES.idx TRAINED.safetensors --epochs 3
"""
import argparse
import os
import time

import torch
from torch import Tensor, distributed, nn
from torch.nn.parallel import DistributedDataParallel
from torch.optim.lr_scheduler import OneCycleLR
from torch.utils.data import DistributedSampler

import autoencoder


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("start", help="safetensors file with the weights to begin with")
    parser.add_argument("images", help="IDX file with the images to train on, .gz or not")
    parser.add_argument("trained", help="safetensors file to write, anew after each epoch")
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--batch", type=int, default=256, help="images a step, of all processes together")
    parser.add_argument("--rate", type=float, default=0.01, help="peak learning rate of the one cycle")
    parser.add_argument("--seed", type=int, default=42, help="of the order of the images")
    return parser.parse_args()


def train(chosen: argparse.Namespace) -> nn.Module:
    """Trains in this process and all others of the run, and gives this one's network back."""
    rank, processes = distributed.get_rank(), distributed.get_world_size()
    if chosen.batch % processes:
        raise SystemExit(f"--batch {chosen.batch} cannot be divided among {processes} processes: choose a multiple.")
    device = torch.device("cuda", int(os.environ["LOCAL_RANK"])) if torch.cuda.is_available() else torch.device("cpu")
    pixels = autoencoder.images(chosen.images).to(device)
    model = autoencoder.network()
    model.load_state_dict(autoencoder.load(chosen.start))
    model = model.to(device, memory_format=torch.channels_last)
    parallel = DistributedDataParallel(model, device_ids=[device.index] if device.index is not None else None)
    # Each process takes every n-th image of one common order, so a step sees the same images with any number of processes.
    sampler = DistributedSampler(range(len(pixels)), shuffle=True, seed=chosen.seed, drop_last=True)
    share = chosen.batch // processes
    optimizer = torch.optim.Adam(model.parameters(), lr=chosen.rate)
    schedule = OneCycleLR(optimizer, chosen.rate, epochs=chosen.epochs, steps_per_epoch=-(-len(sampler) // share))
    for epoch in range(chosen.epochs):
        sampler.set_epoch(epoch)
        start, total = time.perf_counter(), torch.zeros((), device=device)
        for indices in torch.tensor(list(sampler), device=device).split(share):
            loss = step(parallel, optimizer, pixels[indices].float().div_(255))
            schedule.step()
            total += loss * len(indices) / len(sampler)
        distributed.all_reduce(total)
        seconds = time.perf_counter() - start
        if not torch.isfinite(total):
            raise SystemExit("The loss is no longer a finite number: choose a lower --rate. The weights of the epoch before are kept.")
        if rank == 0:
            autoencoder.save(chosen.trained, model.state_dict())
            print(f"epoch {epoch + 1}: loss {total.item() / processes:.4f}, {len(sampler) * processes / seconds:.0f} images/s", flush=True)
    return model


def step(model: nn.Module, optimizer: torch.optim.Optimizer, x: Tensor) -> Tensor:
    optimizer.zero_grad(set_to_none=True)
    loss = nn.functional.binary_cross_entropy_with_logits(model(x), x)
    loss.backward()  # DistributedDataParallel averages the gradients of all processes here
    optimizer.step()
    return loss.detach()


if __name__ == "__main__":
    distributed.init_process_group("nccl" if torch.cuda.is_available() else "gloo")
    trained = train(options())
    distributed.destroy_process_group()
