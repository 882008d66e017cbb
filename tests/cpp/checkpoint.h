// A checkpoint folder as the model tests use it: its config, its tensors, and a model filled with
// them; and a forward pass with everything captured.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "fixture.h"
#include "models/model.h"

namespace heed::test {

struct Checkpoint {
  ModelConfig config;
  std::map<std::string, Tensor> tensors;
};

Activation activation_of(const std::string& name);

Rotary plain_rotary(Index head_dim, double base);

/// The numbers of a Llama, Mistral or Qwen2 config.json, as transformers 5 writes it.
ModelConfig llama_config(const Json& json);

/// The numbers of a config.json of BERT and its kin, of GPT-2, or of one that llama_config() reads.
ModelConfig model_config(const Json& json);

Checkpoint read_checkpoint(const std::string& folder);

Checkpoint golden_checkpoint(const std::string& name);

/// The name of a test of a checkpoint, as GoogleTest allows it.
std::string test_name(const testing::TestParamInfo<const char*>& checkpoint);

Status set_weight(Model& model, const std::string& name, const Tensor& tensor);

std::unique_ptr<Model> make_empty(const Checkpoint& checkpoint);

/// A model with every tensor of the checkpoint, finished.
std::unique_ptr<Model> make_filled(const Checkpoint& checkpoint);

std::vector<float> floats(const Tensor& tensor);

Tensor tensor_of(std::vector<Index> shape, const std::vector<float>& values);

/// The checkpoint with elements [begin, end) of an F32 tensor set to 0.
void zero(Checkpoint* checkpoint, const std::string& name, Index begin, Index end);

using Ids = std::vector<std::int32_t>;

Ids ids_of(const Json& array);

/// The result of a forward pass, with all that a trace can hold.
struct ModelRun {
  Status status;
  Index n = 0;  // tokens
  Index m = 0;  // keys
  std::vector<float> final_hidden, hidden, query, key, value, context, products, scores,
      capped_scores, masked_scores, weights, logsumexp, attention_input, attention_output,
      head_outputs;
};

float* room(std::vector<float>* values, Index size);

/// Room in `r` for everything of r->n tokens and r->m keys, of the heads that `model` has.
ForwardTrace room_for_trace(const Model& model, ModelRun* r);

ModelRun run(Model& model, const Ids& ids, const ForwardOptions& options = {}, bool capture = true);

/// y = x W + bias in double, x [rows, in]; W [out, in] as linear layers keep it, or [in, out] as
/// GPT-2's.
std::vector<float> plain_linear(const std::vector<float>& x, const Tensor& weight,
                                const Tensor& bias, bool is_conv1d);

/// One layer's heads [heads, n, dim] of a trace side by side: [n, heads * dim].
std::vector<float> concat_heads(const ModelConfig& c, const std::vector<float>& heads, Index layer,
                                Index n);

std::vector<float> logits_of(Model& model, const std::vector<float>& final_hidden);

/// The largest |got - want|; infinite where a size differs, or a value is not finite.
double absolute_error(const std::vector<float>& got, const std::vector<float>& want);

/// max |got - want| / max |want|
double relative_error(const std::vector<float>& got, const std::vector<float>& want);

/// Rows [begin, end) of `row` elements each.
std::vector<float> rows_of(const std::vector<float>& values, Index begin, Index end, Index row);

/// The largest difference between a run's weights and the windows of them, one whole one a head.
double window_error(const Model& model, const ModelRun& r, const ForwardOptions& options);

}  // namespace heed::test
