"""Products of matrices whose entries are vectors of lanes.

What a layer does, forward and backward, are three products: outputs from inputs and weights, slopes
by the inputs from slopes by the outputs and weights, slopes by the weights from both. They differ
in their strides alone. A tile of the result is kept in registers while the products run: of 4 × 4
entries, each number that is loaded serves four times.
"""

from itertools import product as pairs
from typing import Any, NamedTuple

import llvmlite.binding
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from weightdecay.engines.lanes.vector import BYTES, Lanes, compiled, fma, inlined, load, store

#: Entries of a tile along either side: what 32 registers hold, or 16 of half the size.
TILE = 4 if llvmlite.binding.get_host_cpu_features().get("avx512f") else 2


def _tile(rows, columns):
    """Make the product for a tile of `rows` × `columns` entries."""

    @intrinsic
    def tile(typing, into, c, cm, cn, left, a, am, ak, right, b, bn, bk, depth):
        lanes = Lanes(into.dtype)

        def codegen(context, builder, signature, args):
            def matrix(place):
                array = context.make_array(signature.args[place])
                data = array(context, builder, args[place]).data
                return builder.bitcast(data, lanes.llvm.as_pointer())

            def at(data, start, step, index, *more):
                place = builder.add(start, builder.mul(step, index))
                for other, count in more:
                    place = builder.add(place, builder.mul(other, count))
                return builder.gep(data, [place])

            def number(value):
                return ir.Constant(depth_.type, value)

            _, c_, cm_, cn_, _, a_, am_, ak_, _, b_, bn_, bk_, depth_ = args
            sums, factors, others = matrix(0), matrix(4), matrix(8)
            places = list(pairs(range(rows), range(columns)))
            cells = {(m, n): at(sums, c_, cm_, number(m), (cn_, number(n))) for m, n in places}
            totals = {place: cgutils.alloca_once(builder, lanes.llvm) for place in places}
            for place in places:
                builder.store(builder.load(cells[place], align=BYTES), totals[place])
            with cgutils.for_range(builder, depth_) as loop:
                k = loop.index
                ups = [
                    builder.load(at(factors, a_, am_, number(m), (ak_, k)), align=BYTES)
                    for m in range(rows)
                ]
                downs = [
                    builder.load(at(others, b_, bn_, number(n), (bk_, k)), align=BYTES)
                    for n in range(columns)
                ]
                fma = cgutils.get_or_insert_function(
                    builder.module,
                    ir.FunctionType(lanes.llvm, [lanes.llvm] * 3),
                    f"llvm.fmuladd.v{lanes.width}f{lanes.dtype.bitwidth}",
                )
                for m, n in places:
                    total = builder.load(totals[m, n])
                    builder.store(builder.call(fma, [ups[m], downs[n], total]), totals[m, n])
            for place in places:
                builder.store(builder.load(totals[place]), cells[place], align=BYTES)
            return context.get_dummy_value()

        whole = types.intp
        return types.void(
            into, whole, whole, whole, left, whole, whole, whole, right, whole, whole, whole, whole
        ), codegen

    return tile


_square, _tall, _wide, _one = _tile(TILE, TILE), _tile(TILE, 1), _tile(1, TILE), _tile(1, 1)


class Matrix(NamedTuple):
    """Entry (m, k) is row start + m·row + k·column of `data` [*, W]."""

    data: Any
    start: int
    row: int
    column: int


@inlined
def add_product(into, left, right, rows, columns, depth):
    """C[m, n] ← C[m, n] + Σ_k A[m, k]·B[n, k], for m < `rows`, n < `columns`, k < `depth`.

    C, A and B are `into`, `left` and `right`, each a :class:`Matrix`. Every sum runs over k in
    order, whatever the tiles.
    """
    if rows * columns < TILE * TILE:  # not worth a call
        for m in range(rows):
            for n in range(columns):
                at = into.start + m * into.row + n * into.column
                up = left.start + m * left.row
                down = right.start + n * right.row
                total = load(into.data, at)
                for k in range(depth):
                    other = load(right.data, down + k * right.column)
                    total = fma(load(left.data, up + k * left.column), other, total)
                store(into.data, at, total)
    else:
        _add_by_tiles(into, left, right, rows, columns, depth)


@compiled
def _add_by_tiles(into, left, right, rows, columns, depth):
    c, cm, cn = into.data, into.row, into.column
    a, am, ak = left.data, left.row, left.column
    b, bn, bk = right.data, right.row, right.column
    n = 0
    while n < columns:
        breadth = TILE if n + TILE <= columns else 1
        m = 0
        while m < rows:
            height = TILE if m + TILE <= rows else 1
            at = into.start + m * cm + n * cn
            up, down = left.start + m * am, right.start + n * bn
            if height > 1 and breadth > 1:
                _square(c, at, cm, cn, a, up, am, ak, b, down, bn, bk, depth)
            elif height > 1:
                _tall(c, at, cm, cn, a, up, am, ak, b, down, bn, bk, depth)
            elif breadth > 1:
                _wide(c, at, cm, cn, a, up, am, ak, b, down, bn, bk, depth)
            else:
                _one(c, at, cm, cn, a, up, am, ak, b, down, bn, bk, depth)
            m += height
        n += breadth
