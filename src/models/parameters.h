// The weights of a model, by the names of its checkpoint.
//
// An architecture declares every weight once: its name, its shape and where it goes. From then on
// the table knows which tensor of a checkpoint belongs where, which are missing, and what is wrong
// with the others.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "../layers/linear.h"
#include "../status.h"
#include "dtype.h"

namespace heed {

class Parameters {
 public:
  /// Checkpoints of the bare model leave out the prefix ("bert.") that those with a head have:
  /// names are declared without it and are found with and without.
  explicit Parameters(std::string prefix) : prefix_(std::move(prefix)) {}

  // Each declaration makes room for what it declares, and needs `linear` and `values` to stay where
  // they are. A refused allocation is kept for status(), and the declarations after it do nothing.

  /// `name`.weight [out, in] and, where wanted, `name`.bias [out].
  void add_linear(const std::string& name, Index in, Index out, Linear* linear,
                  bool has_bias = true);
  /// The same with `name`.weight [in, out], which GPT-2 calls Conv1D.
  void add_conv1d(const std::string& name, Index in, Index out, Linear* linear);
  /// `name` [rows, dim], a table of tokens that may be an output head too: a Linear from dim to
  /// rows whose rows are read back. Its bias, where wanted, is zero unless add_bias names it.
  void add_token_table(const std::string& name, Index rows, Index dim, bool has_bias,
                       Linear* linear);
  /// `name` [out], the bias of a declared Linear.
  void add_bias(const std::string& name, Linear* linear);
  /// `name` [size].
  void add_vector(const std::string& name, Index size, Buffer<float>* values);
  /// `name` [rows, row_length].
  void add_table(const std::string& name, Index rows, Index row_length, Buffer<float>* values);
  /// Another name of the weight `name`, for checkpoints without it; `name` wins where both are
  /// given.
  void add_alias(const std::string& alias, const std::string& name);
  /// What is declared from here on is the language-model head: given as a whole, or not at all.
  void begin_head() { head_begin_ = static_cast<Index>(slots_.size()); }

  /// kOutOfMemory where a declaration found no room.
  const Status& status() const { return status_; }

  /// Stores a tensor; a name that is not declared is ignored.
  /// Errors: kInvalidModel (another shape than declared, a name given twice), kOutOfMemory.
  Status set(std::string_view name, DType dtype, const Index* dims, Index rank, const void* data);
  /// kInvalidModel names the first weight that was not given.
  Status finish() const;
  /// Whether the head was given; a head that declares nothing of its own (a tied one) always is.
  bool has_head() const;

 private:
  struct Slot {
    std::string name;
    Index rank = 0;
    Index dims[2] = {0, 0};
    float* values = nullptr;  // where it goes as it is, or else
    Linear* linear = nullptr;
    bool is_transposed = false;  // the checkpoint's rows are the columns of linear's W
    bool is_given = false;
  };
  struct Name {
    std::string text;
    Index slot = 0;
    bool is_given = false;
  };

  // False, and the reason in status_, where this or an earlier declaration found no room.
  bool allocate(Linear* linear, Index in, Index out, bool has_bias);
  bool allocate(Buffer<float>* values, Index size);
  void add_slot(Slot slot);
  static Status store(const Slot& slot, DType dtype, const void* data);

  std::string prefix_;
  std::vector<Slot> slots_;
  std::vector<Name> names_;  // of all slots, and aliases
  Index head_begin_ = -1;    // -1: no head declared
  Status status_;
};

}  // namespace heed
