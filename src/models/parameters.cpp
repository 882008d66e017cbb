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

}  // namespace

bool Parameters::allocate(Linear* linear, Index in, Index out, bool has_bias) {
  if (status_.ok()) status_ = linear->allocate(in, out, has_bias);
  return status_.ok();
}

bool Parameters::allocate(Buffer<float>* values, Index size) {
  if (status_.ok() && !values->allocate(size)) status_ = Status::OutOfMemory();
  return status_.ok();
}

void Parameters::add_slot(Slot slot) {
  names_.push_back({slot.name, static_cast<Index>(slots_.size())});
  slots_.push_back(std::move(slot));
}

void Parameters::add_linear(const std::string& name, Index in, Index out, Linear* linear,
                            bool has_bias) {
  if (!allocate(linear, in, out, has_bias)) return;
  add_slot({.name = name + ".weight", .rank = 2, .dims = {out, in}, .linear = linear});
  if (has_bias) add_bias(name + ".bias", linear);
}

void Parameters::add_conv1d(const std::string& name, Index in, Index out, Linear* linear) {
  if (!allocate(linear, in, out, true)) return;
  add_slot({.name = name + ".weight",
            .rank = 2,
            .dims = {in, out},
            .linear = linear,
            .is_transposed = true});
  add_bias(name + ".bias", linear);
}

void Parameters::add_token_table(const std::string& name, Index rows, Index dim, bool has_bias,
                                 Linear* linear) {
  if (!allocate(linear, dim, rows, has_bias)) return;
  add_slot({.name = name, .rank = 2, .dims = {rows, dim}, .linear = linear});
}

void Parameters::add_bias(const std::string& name, Linear* linear) {
  if (!status_.ok()) return;
  add_slot({.name = name, .rank = 1, .dims = {linear->out_features()}, .values = linear->bias()});
}

void Parameters::add_vector(const std::string& name, Index size, Buffer<float>* values) {
  if (!allocate(values, size)) return;
  add_slot({.name = name, .rank = 1, .dims = {size}, .values = values->data()});
}

void Parameters::add_table(const std::string& name, Index rows, Index row_length,
                           Buffer<float>* values) {
  if (!allocate(values, rows * row_length)) return;
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

Status Parameters::set(std::string_view name, DType dtype, const Index* dims, Index rank,
                       const void* data) {
  std::string_view short_name = name;
  if (short_name.starts_with(prefix_)) short_name.remove_prefix(prefix_.size());
  const auto known = std::find_if(names_.begin(), names_.end(),
                                  [&](const Name& entry) { return entry.text == short_name; });
  if (known == names_.end()) return Status::Ok();

  Slot& slot = slots_[static_cast<std::size_t>(known->slot)];
  if (known->is_given) return invalid(std::string(name) + " is given twice");
  if (!std::equal(dims, dims + rank, slot.dims, slot.dims + slot.rank)) {
    return invalid(std::string(name) + " is " + shape_text(dims, rank) + ", expected " +
                   shape_text(slot.dims, slot.rank));
  }
  const bool is_alias = known->text != slot.name;
  if (!(is_alias && slot.is_given)) {
    if (Status status = store(slot, dtype, data); !status.ok()) return status;
  }
  known->is_given = true;
  slot.is_given = true;
  return Status::Ok();
}

Status Parameters::store(const Slot& slot, DType dtype, const void* data) {
  const Index rows = slot.rank == 1 ? 1 : slot.dims[0];
  const Index row_length = slot.dims[slot.rank - 1];
  if (slot.values != nullptr) {
    to_float(dtype, data, rows * row_length, slot.values);
    return Status::Ok();
  }
  Buffer<float> row;
  if (!row.allocate(row_length)) return Status::OutOfMemory();
  const auto* bytes = static_cast<const unsigned char*>(data);
  for (Index i = 0; i < rows; ++i) {
    to_float(dtype, bytes + i * row_length * size_of(dtype), row_length, row.data());
    if (slot.is_transposed) {
      slot.linear->set_weight_column(i, row.data());
    } else {
      slot.linear->set_weight_row(i, row.data());
    }
  }
  return Status::Ok();
}

bool Parameters::has_head() const {
  if (head_begin_ < 0) return false;
  const auto head = slots_.begin() + head_begin_;
  return head == slots_.end() ||
         std::any_of(head, slots_.end(), [](const Slot& slot) { return slot.is_given; });
}

Status Parameters::finish() const {
  const auto needed = has_head() || head_begin_ < 0 ? slots_.end() : slots_.begin() + head_begin_;
  const auto missing =
      std::find_if(slots_.begin(), needed, [](const Slot& slot) { return !slot.is_given; });
  if (missing != needed) return invalid(missing->name + " is missing");
  return Status::Ok();
}

}  // namespace heed
