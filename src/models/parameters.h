// The weights of a model, by the names of its checkpoint.
//
// An architecture declares every weight once: its name, its shape and where it goes. From then on
// the table knows which tensor of a checkpoint belongs where, which are missing, and what is wrong
// with the others.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "../dtype.h"
#include "../layers/linear.h"
#include "../status.h"
#include "shard.h"

namespace heed {

/// A tensor of a checkpoint, or some of its rows, which follow one another in the file: of a large
/// one no more than a piece need ever be in memory.
struct TensorPiece {
  std::string_view name;
  DType dtype = DType::kF32;
  const Index* dims = nullptr;  // [rank], of the whole tensor
  Index rank = 0;
  Range rows;                  // of the first dimension; 0 to 1 of a tensor without dimensions
  const void* data = nullptr;  // row-major, little-endian, any alignment
};

/// A linear layer as the checkpoint has it, and what of it is stored here: Megatron-LM's column
/// parallel layers are split by their outputs, its row parallel ones by their inputs.
struct LinearShape {
  Index in = 0;
  Index out = 0;
  std::vector<Range> outputs = {};  // side by side; empty: all of them
  std::vector<Range> inputs = {};
  bool has_bias = true;
};

class Parameters {
 public:
  /// Checkpoints of the bare model leave out the prefix ("bert.") that those with a head have:
  /// names are declared without it and are found with and without.
  explicit Parameters(std::string prefix) : prefix_(std::move(prefix)) {}

  // Each declaration makes room for what it declares, except for the weights of linear layers and
  // tables of tokens: those are held in the format of their tensor, and get their room when its
  // first piece is given. `linear` and `values` have to stay where they are. A refused allocation
  // is kept for status(), and the declarations after it do nothing.

  /// `name`.weight [out, in] and, where wanted, `name`.bias [out].
  void add_linear(const std::string& name, const LinearShape& shape, Linear* linear);
  /// The same with `name`.weight [in, out], which GPT-2 calls Conv1D.
  void add_conv1d(const std::string& name, const LinearShape& shape, Linear* linear);
  /// `name` [rows, dim], a table of tokens that may be an output head too: a Linear from dim to
  /// rows whose rows are read back. Its bias, where wanted, is zero unless add_bias names it.
  void add_token_table(const std::string& name, Index rows, Index dim, bool has_bias,
                       Linear* linear);
  /// `name` [out], the bias of a declared Linear that is stored whole.
  void add_bias(const std::string& name, Linear* linear);
  /// `name` [size].
  void add_vector(const std::string& name, Index size, Buffer<float>* values);
  /// `name` [rows, row_length].
  void add_table(const std::string& name, Index rows, Index row_length, Buffer<float>* values);
  /// `name` [1, out], the same of a checkpoint that may leave it out: then it is zero.
  void add_optional_bias(const std::string& name, Linear* linear);
  /// Another name of the weight `name`, for checkpoints without it; `name` wins where both are
  /// given.
  void add_alias(const std::string& alias, const std::string& name);
  /// What is declared from here on is the language-model head: given as a whole, or not at all.
  void begin_head() { head_begin_ = static_cast<Index>(slots_.size()); }

  /// kOutOfMemory where a declaration found no room.
  const Status& status() const { return status_; }

  /// Whether a tensor of this name is declared.
  bool knows(std::string_view name) const { return index_of(name) >= 0; }
  /// Stores what is declared of a tensor; a name that is not declared is ignored. The pieces of a
  /// tensor are given in order.
  /// Errors: kInvalidModel (another shape than declared, a row given twice or left out, or
  /// in another format than those before), kOutOfMemory (the piece may be given again).
  Status set(const TensorPiece& piece);
  /// kInvalidModel names the first weight that was not given, or not to its end.
  Status finish() const;
  /// Whether the head was given; a head that declares nothing of its own (a tied one) always is.
  bool has_head() const;

 private:
  using Ranges = std::vector<Range>;

  struct Slot {
    std::string name;
    Index rank = 0;
    Index dims[2] = {0, 1};
    Ranges rows = {};            // of the tensor, that are stored
    Ranges columns = {};         // of those rows
    float* values = nullptr;     // where they go as they are, or else
    Linear* linear = nullptr;    // whose W they are, or
    bool is_transposed = false;  // the columns of whose W they are
    Index rows_given = 0;        // under its own name
    bool has_alias = false;      // given whole under another
    bool is_optional = false;
  };
  struct Name {
    std::string text;
    Index slot = 0;
    Index rows_given = 0;
  };

  // False, and the reason in status_, where this or an earlier declaration found no room.
  bool allocate(Linear* linear, const LinearShape& shape);
  bool allocate(Buffer<float>* values, Index rows, Index row_length);
  void add_slot(Slot slot);
  void add_weight(const std::string& name, const LinearShape& shape, bool is_transposed,
                  Linear* linear);
  Index index_of(std::string_view name) const;
  static bool is_given(const Slot& slot);
  static Status store(const Slot& slot, const TensorPiece& piece);
  template <class Value>
  static Status store_weight(const Slot& slot, const TensorPiece& piece);

  std::string prefix_;
  std::vector<Slot> slots_;
  std::vector<Name> names_;  // of all slots, and aliases
  Index head_begin_ = -1;    // -1: no head declared
  Status status_;
};

}  // namespace heed
