// Runs a trained network in the browser, one image at a time: what nn.Sequential does, written out.
//
// A tensor is { shape, data }: its shape without the batch, [C, H, W] or [n], and its numbers in PyTorch's order.
// A network is a list of layers, as LiveNetwork.cs writes it.

/** All tensors on the way through a network: the input first, the answer last. */
function activations(network, input) {
  const all = [input];
  for (const layer of network) {
    all.push(layers[layer.kind](all[all.length - 1], layer));
  }
  return all;
}

const layers = {
  convolution: (x, layer) => slide(x, layer, (size) => Math.floor((size + 2 * layer.padding - layer.kernel) / layer.stride) + 1, false),

  transposedConvolution: (x, layer) => slide(x, layer, (size) => (size - 1) * layer.stride - 2 * layer.padding + layer.kernel + layer.outputPadding, true),

  dense(x, { weight, bias, outputs }) {
    const inputs = x.data.length;
    const data = Float32Array.from(bias);
    for (let o = 0; o < outputs; o++) {
      for (let i = 0; i < inputs; i++) {
        data[o] += weight[o * inputs + i] * x.data[i];
      }
    }
    return { shape: [outputs], data };
  },

  maxPool({ shape: [channels, height, width], data }, { kernel, stride }) {
    const rows = Math.floor((height - kernel) / stride) + 1;
    const columns = Math.floor((width - kernel) / stride) + 1;
    return filled([channels, rows, columns], (c, row, column) => {
      let highest = -Infinity;
      for (let dy = 0; dy < kernel; dy++) {
        for (let dx = 0; dx < kernel; dx++) {
          highest = Math.max(highest, data[(c * height + row * stride + dy) * width + column * stride + dx]);
        }
      }
      return highest;
    });
  },

  upsample: ({ shape: [channels, height, width], data }, { scale }) =>
    filled([channels, height * scale, width * scale], (c, row, column) =>
      data[(c * height + Math.floor(row / scale)) * width + Math.floor(column / scale)]),

  relu: ({ shape, data }) => ({ shape, data: data.map((value) => Math.max(0, value)) }),

  sigmoid: ({ shape, data }) => ({ shape, data: data.map((value) => 1 / (1 + Math.exp(-value))) }),

  reshape: ({ data }, { shape }) => ({ shape: shape ?? [data.length], data }),
};

/**
 * Both convolutions move a kernel over the larger of two images, a step for each pixel of the smaller one. The plain one
 * gathers what the kernel covers, the transposed one spreads a pixel over it; in both, the weights' first two sizes are
 * the channels of the small and of the large image.
 */
function slide(x, { weight, bias, outputs, kernel, stride, padding }, sizeFor, spread) {
  const [inputs, height, width] = x.shape;
  const y = { shape: [outputs, sizeFor(height), sizeFor(width)] };
  y.data = new Float32Array(outputs * y.shape[1] * y.shape[2]);
  bias.forEach((value, o) => y.data.fill(value, o * y.shape[1] * y.shape[2], (o + 1) * y.shape[1] * y.shape[2]));

  const [small, large] = spread ? [x, y] : [y, x];
  const [smallChannels, rows, columns] = small.shape;
  const [largeChannels, largeRows, largeColumns] = large.shape;
  let tap = 0;
  for (let s = 0; s < smallChannels; s++) {
    for (let l = 0; l < largeChannels; l++) {
      for (let ky = 0; ky < kernel; ky++) {
        for (let kx = 0; kx < kernel; kx++) {
          const factor = weight[tap++];
          const first = Math.max(0, Math.ceil((padding - kx) / stride));
          const last = Math.min(columns - 1, Math.floor((largeColumns - 1 + padding - kx) / stride));
          for (let row = 0; row < rows; row++) {
            const largeRow = row * stride + ky - padding;
            if (largeRow < 0 || largeRow >= largeRows) {
              continue;
            }
            const here = (s * rows + row) * columns;
            const there = (l * largeRows + largeRow) * largeColumns + kx - padding;
            for (let column = first; column <= last; column++) {
              if (spread) {
                y.data[there + column * stride] += factor * x.data[here + column];
              } else {
                y.data[here + column] += factor * x.data[there + column * stride];
              }
            }
          }
        }
      }
    }
  }
  return y;
}

/** A tensor of this shape with valueAt(channel, row, column) everywhere. */
function filled([channels, height, width], valueAt) {
  const data = new Float32Array(channels * height * width);
  let place = 0;
  for (let c = 0; c < channels; c++) {
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        data[place++] = valueAt(c, row, column);
      }
    }
  }
  return { shape: [channels, height, width], data };
}

/** Gives each layer its weights back, which follow each other in one text: half precision, base64. */
function unpack({ layers: list, numbers }) {
  const all = fromHalves(numbers);
  let start = 0;
  const take = (count) => all.subarray(start, (start += count));
  return list.map((layer) => ("weights" in layer ? { ...layer, weight: take(layer.weights), bias: take(layer.outputs) } : layer));
}

/** Numbers of half precision, little-endian, in base64. */
function fromHalves(text) {
  const bytes = fromBase64(text);
  return Float32Array.from({ length: bytes.length / 2 }, (_, i) => {
    const bits = bytes[2 * i] | (bytes[2 * i + 1] << 8);
    const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
    const size = exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
    return bits & 0x8000 ? -size : size;
  });
}

function fromBase64(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
