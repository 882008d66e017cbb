#include "parameters.h"

#include <algorithm>

namespace heed {
namespace {

std::string shape_text(const Index* dims, Index rank) {
  std::string text = "[";
  for (Index i = 0; i < rank; ++i) text += (i > 0 ? ", " : "") + std::to_string(dims[i]);
  return text + "]";
}

Status invalid(std::string message) {
  return Status::Error(StatusCode::kInvalidModel, std::move(message));
}

std::vector<Range> whole_if_empty(const std::vector<Range>& ranges, Index size) {
  return ranges.empty() ? std::vector<Range>{{0, size}} : ranges;
}

Index size_of(const std::vector<Range>& ranges) {
  Index size = 0;
  for (const Range& range : ranges) size += range.size();
  return size;
}

// visit(from, to, count) for each run of indices of `given` that is in `kept`: from where in the
// tensor, and to where among those kept, which lie side by side.
template <class Visit>
void for_each_kept(const std::vector<Range>& kept, Range given, Visit visit) {
  Index to = 0;
  for (const Range& range : kept) {
    const Index begin = std::max(range.begin, given.begin), end = std::min(range.end, given.end);
    if (begin < end) visit(begin, to + begin - range.begin, end - begin);
    to += range.size();
  }
}

// `count` values of a piece, from [row, column] of its tensor on: widened, or as they are.
const void* data_at(const TensorPiece& piece, Index row_length, Index row, Index column) {
  const Index at = (row - piece.rows.begin) * row_length + column;
  return static_cast<const unsigned char*>(piece.data) + at * size_of(piece.dtype);
}

void read(const TensorPiece& piece, Index row_length, Index row, Index column, Index count,
          float* values) {
  to_float(piece.dtype, data_at(piece, row_length, row, column), count, values);
}

void read(const TensorPiece& piece, Index row_length, Index row, Index column, Index count,
          std::uint16_t* bits) {
  to_bits(data_at(piece, row_length, row, column), count, bits);
}

}  // namespace

bool Parameters::allocate(Linear* linear, const LinearShape& shape) {
  const Index in = shape.inputs.empty() ? shape.in : size_of(shape.inputs);
  const Index out = shape.outputs.empty() ? shape.out : size_of(shape.outputs);
  if (status_.ok()) status_ = linear->declare(in, out, shape.has_bias);
  return status_.ok();
}

bool Parameters::allocate(Buffer<float>* values, Index rows, Index row_length) {
  if (status_.ok() && !values->allocate(product(rows, row_length))) {
    status_ = Status::OutOfMemory();
  }
  return status_.ok();
}

void Parameters::add_slot(Slot slot) {
  slot.rows = whole_if_empty(slot.rows, slot.dims[0]);
  slot.columns = whole_if_empty(slot.columns, slot.dims[1]);
  names_.push_back({slot.name, static_cast<Index>(slots_.size())});
  slots_.push_back(std::move(slot));
}

void Parameters::add_weight(const std::string& name, const LinearShape& shape, bool is_transposed,
                            Linear* linear) {
  if (!allocate(linear, shape)) return;
  Slot slot{.name = name + ".weight",
            .rank = 2,
            .dims = {shape.out, shape.in},
            .rows = shape.outputs,
            .columns = shape.inputs,
            .linear = linear,
            .is_transposed = is_transposed};
  if (is_transposed) {
    std::swap(slot.dims[0], slot.dims[1]);
    std::swap(slot.rows, slot.columns);
  }
  add_slot(std::move(slot));
  if (!shape.has_bias) return;
  add_slot({.name = name + ".bias",
            .rank = 1,
            .dims = {shape.out, 1},
            .rows = shape.outputs,
            .values = linear->bias()});
}

void Parameters::add_linear(const std::string& name, const LinearShape& shape, Linear* linear) {
  add_weight(name, shape, false, linear);
}

void Parameters::add_conv1d(const std::string& name, const LinearShape& shape, Linear* linear) {
  add_weight(name, shape, true, linear);
}

void Parameters::add_token_table(const std::string& name, Index rows, Index dim, bool has_bias,
                                 Linear* linear) {
  if (!allocate(linear, {.in = dim, .out = rows, .has_bias = has_bias})) return;
  add_slot({.name = name, .rank = 2, .dims = {rows, dim}, .linear = linear});
}

void Parameters::add_bias(const std::string& name, Linear* linear) {
  if (!status_.ok()) return;
  add_slot(
      {.name = name, .rank = 1, .dims = {linear->out_features(), 1}, .values = linear->bias()});
}

void Parameters::add_optional_bias(const std::string& name, Linear* linear) {
  if (!status_.ok()) return;
  add_slot({.name = name,
            .rank = 2,
            .dims = {1, linear->out_features()},
            .values = linear->bias(),
            .is_optional = true});
}

void Parameters::add_vector(const std::string& name, Index size, Buffer<float>* values) {
  if (!allocate(values, size, 1)) return;
  add_slot({.name = name, .rank = 1, .dims = {size, 1}, .values = values->data()});
}

void Parameters::add_table(const std::string& name, Index rows, Index row_length,
                           Buffer<float>* values) {
  if (!allocate(values, rows, row_length)) return;
  add_slot({.name = name, .rank = 2, .dims = {rows, row_length}, .values = values->data()});
}

void Parameters::add_alias(const std::string& alias, const std::string& name) {
  for (const Name& known : names_) {
    if (known.text == name) {
      names_.push_back({alias, known.slot});
      return;
    }
  }
}

Index Parameters::index_of(std::string_view name) const {
  if (name.starts_with(prefix_)) name.remove_prefix(prefix_.size());
  const auto known = std::find_if(names_.begin(), names_.end(),
                                  [&](const Name& entry) { return entry.text == name; });
  return known != names_.end() ? known - names_.begin() : -1;
}

Status Parameters::set(const TensorPiece& piece) {
  const Index index = index_of(piece.name);
  if (index < 0) return Status::Ok();
  Name& name = names_[static_cast<std::size_t>(index)];
  Slot& slot = slots_[static_cast<std::size_t>(name.slot)];

  const std::string text(piece.name);
  if (piece.rows.begin < name.rows_given) return invalid(text + " is given twice");
  if (!std::equal(piece.dims, piece.dims + piece.rank, slot.dims, slot.dims + slot.rank)) {
    return invalid(text + " is " + shape_text(piece.dims, piece.rank) + ", expected " +
                   shape_text(slot.dims, slot.rank));
  }
  if (piece.rows.begin != name.rows_given || piece.rows.end < piece.rows.begin ||
      piece.rows.end > slot.dims[0]) {
    return invalid(text + " is given from row " + std::to_string(piece.rows.begin) + " to " +
                   std::to_string(piece.rows.end) + ", expected from " +
                   std::to_string(name.rows_given) + " to at most " + std::to_string(slot.dims[0]));
  }
  const bool is_alias = name.text != slot.name;
  if (!(is_alias && slot.rows_given > 0)) {
    if (Status status = store(slot, piece); !status.ok()) return status;
  }
  name.rows_given = piece.rows.end;
  if (is_alias) {
    slot.has_alias = slot.has_alias || name.rows_given == slot.dims[0];
  } else {
    slot.rows_given = name.rows_given;
  }
  return Status::Ok();
}

Status Parameters::store(const Slot& slot, const TensorPiece& piece) {
  if (slot.values != nullptr) {
    const Index row_length = slot.dims[1];
    for_each_kept(slot.rows, piece.rows, [&](Index from, Index to, Index count) {
      read(piece, row_length, from, 0, count * row_length, slot.values + to * row_length);
    });
    return Status::Ok();
  }
  if (slot.linear->weight_format() != piece.dtype) {
    if (piece.rows.begin > 0) {
      return invalid(std::string(piece.name) + " changes its format at row " +
                     std::to_string(piece.rows.begin));
    }
    if (Status status = slot.linear->allocate_weight(piece.dtype); !status.ok()) return status;
  }
  return piece.dtype == DType::kF32 ? store_weight<float>(slot, piece)
                                    : store_weight<std::uint16_t>(slot, piece);
}

template <class Value>
Status Parameters::store_weight(const Slot& slot, const TensorPiece& piece) {
  const Index row_length = slot.dims[1];
  Buffer<Value> row;
  if (!row.allocate(size_of(slot.columns))) return Status::OutOfMemory();
  for_each_kept(slot.rows, piece.rows, [&](Index from, Index to, Index count) {
    for (Index i = 0; i < count; ++i) {
      for_each_kept(slot.columns, {0, row_length}, [&](Index column, Index kept, Index columns) {
        read(piece, row_length, from + i, column, columns, row.data() + kept);
      });
      if (slot.is_transposed) {
        slot.linear->set_weight_column(to + i, row.data());
      } else {
        slot.linear->set_weight_row(to + i, row.data());
      }
    }
  });
  return Status::Ok();
}

bool Parameters::is_given(const Slot& slot) {
  return slot.rows_given > 0 ? slot.rows_given == slot.dims[0] : slot.has_alias || slot.is_optional;
}

bool Parameters::has_head() const {
  if (head_begin_ < 0) return false;
  const auto head = slots_.begin() + head_begin_;
  return head == slots_.end() || std::any_of(head, slots_.end(), is_given);
}

Status Parameters::finish() const {
  const auto needed = has_head() || head_begin_ < 0 ? slots_.end() : slots_.begin() + head_begin_;
  const auto missing = std::find_if_not(slots_.begin(), needed, is_given);
  if (missing == needed) return Status::Ok();
  if (missing->rows_given == 0) return invalid(missing->name + " is missing");
  return invalid(missing->name + " has " + std::to_string(missing->rows_given) +
                 " rows, expected " + std::to_string(missing->dims[0]));
}

}  // namespace heed
