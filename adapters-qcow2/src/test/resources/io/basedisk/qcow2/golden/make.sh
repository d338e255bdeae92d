#!/bin/sh
# Makes the golden images with QEMU's tools (7.2 made those that are here), and for each disk what it
# reads as (SHA256SUMS) and what it consists of (*.map). Run it in this directory.
set -eu
rm -f ./*.gz ./*.map SHA256SUMS

create() { qemu-img create -q -f qcow2 "$@"; }

create -o compat=0.10,cluster_size=512 v2-512.qcow2 300K
qemu-io -c 'write -P 1 0 10K' -c 'write -P 2 100K 33K' -c 'write -P 3 299K 1K' v2-512.qcow2

create -o cluster_size=4K zero.qcow2 1M
qemu-io -c 'write -P 4 0 256K' -c 'write -z 8K 16K' -c 'write -z -u 64K 16K' -c 'discard 128K 16K' \
  -c 'write -P 5 10K 1K' zero.qcow2

create -o cluster_size=16K,extended_l2=on,preallocation=metadata extended.qcow2 1M
qemu-io -c 'write -P 6 1K 3K' -c 'write -z 64K 2K' -c 'write -P 7 100K 40K' -c 'discard 96K 16K' \
  extended.qcow2

create -o cluster_size=4K zlib.qcow2 1M
qemu-io -c 'write -c -P 8 0 4K' -c 'write -c -P 9 4K 4K' -c 'write -P 10 8K 4K' \
  -c 'write -c -P 11 1020K 4K' zlib.qcow2

create -o compression_type=zstd zstd.qcow2 1M
qemu-io -c 'write -c -P 12 0 64K' -c 'write -c -P 13 960K 64K' -c 'write -P 14 100K 4K' zstd.qcow2

create snapshots.qcow2 1M
qemu-io -c 'write -P 15 0 64K' snapshots.qcow2
qemu-img snapshot -c first snapshots.qcow2
qemu-io -c 'write -P 16 0 4K' snapshots.qcow2
qemu-img snapshot -c second snapshots.qcow2

create bitmaps.qcow2 1M
qemu-img bitmap --add bitmaps.qcow2 daily
qemu-img bitmap --add -g 32K --disable bitmaps.qcow2 weekly

create -o data_file=external.raw external.qcow2 1M
rm external.raw

# A chain of three: the layer in the middle is shorter than the others.
head -c 700001 /dev/zero | tr '\0' '\021' > chain-base.raw
create -b chain-base.raw -F raw -o cluster_size=1K chain-middle.qcow2 600K
qemu-io -c 'write -P 18 590K 10K' -c 'write -z 100K 10K' chain-middle.qcow2
create -b chain-middle.qcow2 -F qcow2 chain-top.qcow2 1M
qemu-io -c 'write -P 19 64K 1K' -c 'write -P 20 900K 1K' chain-top.qcow2

# The largest clusters, the widest and the narrowest refcounts, and what else is not above.
create -o cluster_size=2M,refcount_bits=64 large.qcow2 9M
qemu-io -c 'write -P 21 1M 2M' -c 'write -z 6M 1M' -c 'write -P 22 9215K 1K' large.qcow2
create -o compat=0.10,cluster_size=4K,refcount_bits=16 v2-zlib.qcow2 601K
qemu-io -c 'write -c -P 23 8K 4K' -c 'write -P 24 100K 6K' -c 'discard 100K 4K' v2-zlib.qcow2
create -o cluster_size=512,compression_type=zstd,refcount_bits=1 zstd-512.qcow2 300K
qemu-io -c 'write -c -P 25 512 512' -c 'write -z 10K 5K' -c 'write -P 26 200K 3K' zstd-512.qcow2

# A chain of five, of every kind of cluster, that grows and shrinks.
create -o cluster_size=512 five-0.qcow2 1M
qemu-io -c 'write -P 27 0 300K' -c 'write -P 28 1000K 24K' five-0.qcow2
create -b five-0.qcow2 -F qcow2 -o cluster_size=64K,compression_type=zstd five-1.qcow2 1500K
qemu-io -c 'write -c -P 29 64K 64K' -c 'write -P 30 1400K 10K' five-1.qcow2
create -b five-1.qcow2 -F qcow2 -o cluster_size=64K,extended_l2=on five-2.qcow2 700K
qemu-io -c 'write -P 31 3K 3K' -c 'write -z 200K 8K' -c 'write -P 32 650K 2K' five-2.qcow2
create -b five-2.qcow2 -F qcow2 -o compat=0.10,cluster_size=4K five-3.qcow2 2M
qemu-io -c 'write -c -P 33 128K 4K' -c 'write -P 34 1M 5K' five-3.qcow2
create -b five-3.qcow2 -F qcow2 -o cluster_size=2M five-4.qcow2 3M
qemu-io -c 'write -z 2M 1M' five-4.qcow2

# Without the holes of these files, which do not outlast the packing.
mkdir solid
cp --sparse=never ./*.qcow2 ./*.raw solid
for image in v2-512 zero extended zlib zstd snapshots bitmaps chain-top large v2-zlib zstd-512 five-4; do
  qemu-img map --output=json -f qcow2 "solid/$image.qcow2" > "$image.map"
  qemu-img convert -f qcow2 -O raw "$image.qcow2" "$image.content"
  sha256sum "$image.content" | sed 's/content/qcow2/' >> SHA256SUMS
done
rm -rf ./*.content solid
gzip -n -9 ./*.qcow2 ./*.raw
