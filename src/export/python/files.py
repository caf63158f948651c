def read_idx(path):
    """An IDX file of bytes, plain or .gz: type and rank, a size for each dimension, values."""
    data = Path(path).read_bytes()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    rank = data[3]
    shape = struct.unpack_from(f">{rank}I", data, 4)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * rank).reshape(shape).copy()


def read_pixels(path):
    """The images of an IDX file, `[images, height, width, channels]`."""
    images = read_idx(path)
    return images if images.ndim == 4 else images[..., None]


def find_idx(folder, part, kind):
    """The `images` or `labels` called `train` or `t10k` in a folder; images with colours have four dimensions."""
    names = [f"{part}-{kind}-idx{rank}-ubyte{end}" for rank in (1, 3, 4) for end in ("", ".gz")]
    for path in (Path(folder) / name for name in names):
        if path.exists():
            return path
    raise SystemExit(f"{folder} has no {part}-{kind}-idx*-ubyte file")
