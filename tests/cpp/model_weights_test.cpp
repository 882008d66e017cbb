// How a model is made and filled: configs, names, shapes, number formats, heads.
#include "checkpoint.h"
#include "dtype.h"

namespace heed::test {
namespace {

const char* const kQuery = "bert.encoder.layer.0.attention.self.query.weight";

std::string without_prefix(const std::string& name) {
  for (const std::string prefix : {"bert.", "transformer."}) {
    if (name.starts_with(prefix)) return name.substr(prefix.size());
  }
  return name;
}

// The names that a checkpoint of the bare architecture has.
Checkpoint bare(const std::string& folder) {
  Checkpoint with_head = golden_checkpoint(folder), bare{with_head.config, {}};
  for (const auto& [name, tensor] : with_head.tensors) {
    if (!name.starts_with("cls.")) bare.tensors[without_prefix(name)] = tensor;
  }
  return bare;
}

// What finish() says after all tensors but those that `leave_out` names were given.
Status finish_without(const Checkpoint& checkpoint, const std::string& leave_out) {
  const auto model = make_empty(checkpoint);
  for (const auto& [name, tensor] : checkpoint.tensors) {
    if (name.find(leave_out) != std::string::npos) continue;
    EXPECT_TRUE(set_weight(*model, name, tensor).ok());
  }
  return model->finish();
}

const Ids kIds = {1, 7, 42, 3};

TEST(ModelWeights, MissingOnesAreNamed) {
  const Checkpoint bert = golden_checkpoint("bert"), gpt2 = golden_checkpoint("gpt2");
  for (const auto& [checkpoint, name] : {std::pair{&bert, "embeddings.word_embeddings.weight"},
                                         {&bert, "encoder.layer.1.output.dense.bias"},
                                         {&bert, "cls.predictions.bias"},
                                         {&gpt2, "wte.weight"},
                                         {&gpt2, "h.1.attn.c_attn.weight"},
                                         {&gpt2, "ln_f.bias"}}) {
    const Status status = finish_without(*checkpoint, name);
    EXPECT_EQ(status.code, StatusCode::kInvalidModel);
    EXPECT_EQ(status.message, std::string(name) + " is missing");
  }
}

TEST(ModelWeights, AnUnfinishedModelDoesNotRun) {
  const Checkpoint checkpoint = golden_checkpoint("bert");
  const auto model = make_empty(checkpoint);
  EXPECT_EQ(run(*model, kIds).status.code, StatusCode::kInvalidModel);
  float logit = 0;
  EXPECT_EQ(model->logits(nullptr, 0, &logit).code, StatusCode::kInvalidModel);
  EXPECT_FALSE(model->finish().ok());
  for (const auto& [name, tensor] : checkpoint.tensors) {
    ASSERT_TRUE(set_weight(*model, name, tensor).ok());
  }
  ASSERT_TRUE(model->finish().ok());  // a failed finish() can be mended
  EXPECT_EQ(set_weight(*model, kQuery, checkpoint.tensors.at(kQuery)).code,
            StatusCode::kInvalidModel);
  EXPECT_TRUE(run(*model, kIds).status.ok());
}

TEST(ModelWeights, MisshapenOnesAreRefused) {
  const Checkpoint checkpoint = golden_checkpoint("bert");
  const auto model = make_empty(checkpoint);
  const auto message = [&](const std::string& name, std::vector<Index> shape) {
    Tensor tensor = tensor_of(std::move(shape), std::vector<float>(4096));
    const Status status = set_weight(*model, name, tensor);
    EXPECT_EQ(status.code, StatusCode::kInvalidModel);
    return status.message;
  };
  EXPECT_EQ(message(kQuery, {32, 16}), std::string(kQuery) + " is [32, 16], expected [32, 32]");
  EXPECT_EQ(message(kQuery, {32}), std::string(kQuery) + " is [32], expected [32, 32]");
  EXPECT_EQ(message("embeddings.LayerNorm.bias", {}),
            "embeddings.LayerNorm.bias is [], expected [32]");
  EXPECT_EQ(message("embeddings.LayerNorm.bias", {1, 32}),
            "embeddings.LayerNorm.bias is [1, 32], expected [32]");
  // A refused tensor was not given.
  EXPECT_TRUE(set_weight(*model, kQuery, checkpoint.tensors.at(kQuery)).ok());
}

TEST(ModelWeights, SameNameTwiceIsRefused) {
  const Checkpoint checkpoint = golden_checkpoint("bert");
  const auto model = make_empty(checkpoint);
  const Tensor& query = checkpoint.tensors.at(kQuery);
  ASSERT_TRUE(set_weight(*model, kQuery, query).ok());
  for (const std::string& name : {std::string(kQuery), without_prefix(kQuery)}) {
    const Status status = set_weight(*model, name, query);
    EXPECT_EQ(status.code, StatusCode::kInvalidModel);
    EXPECT_EQ(status.message, name + " is given twice");
  }
}

TEST(ModelWeights, PiecesComeInOrderAndToTheEnd) {
  const Checkpoint checkpoint = golden_checkpoint("bert");
  const auto model = make_empty(checkpoint);
  const auto set_rows = [&](const std::string& name, Range rows) {
    const Tensor& tensor = checkpoint.tensors.at(name);
    const auto row_bytes = Index(tensor.bytes.size()) / tensor.shape[0];
    return model
        ->set_weight({.name = name,
                      .dims = tensor.shape.data(),
                      .rank = Index(tensor.shape.size()),
                      .rows = rows,
                      .data = tensor.bytes.data() + rows.begin * row_bytes})
        .message;
  };
  const std::string query = kQuery;
  EXPECT_EQ(set_rows(query, {0, 20}), "");
  EXPECT_EQ(set_rows(query, {0, 32}), query + " is given twice");
  EXPECT_EQ(set_rows(query, {21, 32}),
            query + " is given from row 21 to 32, expected from 20 to at most 32");
  EXPECT_EQ(set_rows(query, {20, 33}),
            query + " is given from row 20 to 33, expected from 20 to at most 32");
  for (const auto& [name, tensor] : checkpoint.tensors) {
    if (name == query) continue;
    ASSERT_TRUE(set_weight(*model, name, tensor).ok());
  }
  EXPECT_EQ(model->finish().message, without_prefix(query) + " has 20 rows, expected 32");
  EXPECT_EQ(set_rows(query, {20, 32}), "");
  ASSERT_TRUE(model->finish().ok());
  EXPECT_EQ(run(*model, kIds).final_hidden, run(*make_filled(checkpoint), kIds).final_hidden);
}

TEST(ModelWeights, UnknownNamesAreIgnored) {
  Checkpoint checkpoint = golden_checkpoint("gpt2");
  const auto expected = run(*make_filled(checkpoint), kIds).final_hidden;
  checkpoint.tensors["transformer.h.0.attn.bias"] = tensor_of({2, 2}, {1, 0, 1, 1});
  checkpoint.tensors["transformer.h.0.attn.masked_bias"] = tensor_of({}, {-1e4f});
  checkpoint.tensors["bert.pooler.dense.bias"] = tensor_of({1}, {1});
  checkpoint.tensors[""] = tensor_of({1}, {1});
  EXPECT_EQ(run(*make_filled(checkpoint), kIds).final_hidden, expected);
}

TEST(ModelWeights, BareModelsRunWithoutAHead) {
  const auto bert = make_filled(bare("bert"));
  EXPECT_FALSE(bert->has_head());
  const ModelRun r = run(*bert, kIds);
  EXPECT_EQ(r.final_hidden, run(*make_filled(golden_checkpoint("bert")), kIds).final_hidden);
  std::vector<float> logits(4 * 400);
  const Status status = bert->logits(r.final_hidden.data(), 4, logits.data());
  EXPECT_EQ(status.code, StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message, "the model has no language-model head");

  // GPT-2's head is its table of tokens, which the bare model has.
  const auto gpt2 = make_filled(bare("gpt2")), with_head = make_filled(golden_checkpoint("gpt2"));
  ASSERT_TRUE(gpt2->has_head());
  const ModelRun s = run(*gpt2, kIds);
  EXPECT_EQ(logits_of(*gpt2, s.final_hidden),
            logits_of(*with_head, run(*with_head, kIds).final_hidden));
  EXPECT_EQ(gpt2->logits(s.final_hidden.data(), -1, nullptr).code, StatusCode::kInvalidArgument);
  EXPECT_TRUE(gpt2->logits(s.final_hidden.data(), 0, nullptr).ok());
}

TEST(ModelWeights, TiedHeadsTakeTheTokenTable) {
  for (const auto& [folder, head, tokens] :
       {std::tuple{"bert", "cls.predictions.decoder.weight",
                   "bert.embeddings.word_embeddings.weight"},
        {"gpt2", "lm_head.weight", "transformer.wte.weight"}}) {
    Checkpoint checkpoint = golden_checkpoint(folder);
    const auto expected = run(*make_filled(checkpoint), kIds).final_hidden;
    const Tensor table = checkpoint.tensors.at(tokens);
    // Both given: the table counts, whichever comes first.
    checkpoint.tensors[head] = tensor_of(table.shape, std::vector<float>(floats(table).size()));
    for (const bool head_first : {false, true}) {
      const auto model = make_empty(checkpoint);
      const auto give_head = [&model, &tensors = checkpoint.tensors, name = std::string(head)] {
        EXPECT_TRUE(set_weight(*model, name, tensors.at(name)).ok());
      };
      if (head_first) give_head();
      for (const auto& [name, tensor] : checkpoint.tensors) {
        if (name == head) continue;
        EXPECT_TRUE(set_weight(*model, name, tensor).ok());
      }
      if (!head_first) give_head();
      ASSERT_TRUE(model->finish().ok());
      EXPECT_EQ(run(*model, kIds).final_hidden, expected);
    }
    // Only the head given: it is the table.
    checkpoint.tensors[head] = table;
    checkpoint.tensors.erase(tokens);
    EXPECT_EQ(run(*make_filled(checkpoint), kIds).final_hidden, expected);
  }
}

TEST(ModelWeights, UntiedHeadsAreTheirOwn) {
  for (const auto& [folder, head, tokens] :
       {std::tuple{"bert", "cls.predictions.decoder.weight",
                   "bert.embeddings.word_embeddings.weight"},
        {"gpt2", "lm_head.weight", "transformer.wte.weight"}}) {
    Checkpoint checkpoint = golden_checkpoint(folder);
    const auto tied = make_filled(checkpoint);
    const auto hidden = run(*tied, kIds).final_hidden;

    checkpoint.config.tied_head = false;
    if (std::string(folder) == "gpt2") {
      EXPECT_FALSE(make_filled(checkpoint)->has_head());
    } else {
      EXPECT_EQ(finish_without(checkpoint, "nothing").message,
                "cls.predictions.decoder.weight is missing");
    }
    // The table's rows turned by one turn the logits by one (without the bias, which stays).
    if (std::string(folder) == "bert") zero(&checkpoint, "cls.predictions.bias", 0, 400);
    std::vector<float> turned = floats(checkpoint.tensors.at(tokens));
    std::rotate(turned.begin(), turned.begin() + checkpoint.config.model_dim, turned.end());
    checkpoint.tensors[head] = tensor_of(checkpoint.tensors.at(tokens).shape, turned);
    const auto untied = make_filled(checkpoint);
    ASSERT_TRUE(untied->has_head());
    EXPECT_EQ(run(*untied, kIds).final_hidden, hidden);

    checkpoint.config.tied_head = true;
    auto expected = logits_of(*make_filled(checkpoint), rows_of(hidden, 0, 1, 32));
    std::rotate(expected.begin(), expected.begin() + 1, expected.end());
    EXPECT_LE(relative_error(logits_of(*untied, rows_of(hidden, 0, 1, 32)), expected), 1e-6);
  }
}

TEST(ModelWeights, BiasOfTheHeadHasTwoNames) {
  Checkpoint checkpoint = golden_checkpoint("bert");
  const auto expected = make_filled(checkpoint);
  const auto hidden = run(*expected, kIds).final_hidden;
  auto bias = checkpoint.tensors.extract("cls.predictions.bias");
  checkpoint.tensors["cls.predictions.decoder.bias"] = bias.mapped();
  EXPECT_EQ(logits_of(*make_filled(checkpoint), hidden), logits_of(*expected, hidden));
  checkpoint.tensors.insert(std::move(bias));  // older checkpoints have both
  EXPECT_EQ(logits_of(*make_filled(checkpoint), hidden), logits_of(*expected, hidden));
}

TEST(ModelWeights, NormsMayHaveTheirOldNames) {
  const Checkpoint checkpoint = golden_checkpoint("bert");
  Checkpoint old{checkpoint.config, {}};
  for (const auto& [name, tensor] : checkpoint.tensors) {
    const std::size_t norm = name.find("LayerNorm.");
    const std::string old_end = name.ends_with("weight") ? "gamma" : "beta";
    const bool is_norm = norm != std::string::npos;
    old.tensors[is_norm ? name.substr(0, norm + 10) + old_end : name] = tensor;
  }
  const auto model = make_filled(old), expected = make_filled(checkpoint);
  const ModelRun r = run(*model, kIds);
  EXPECT_EQ(r.hidden, run(*expected, kIds).hidden);
  EXPECT_EQ(logits_of(*model, r.final_hidden), logits_of(*expected, r.final_hidden));
}

TEST(ModelConfigSizes, SizesAreChecked) {
  const auto error = [](const char* folder, void (*change)(ModelConfig*)) {
    ModelConfig config = golden_checkpoint(folder).config;
    change(&config);
    std::unique_ptr<Model> model;
    const Status status = make_model(config, &model);
    EXPECT_EQ(status.code, StatusCode::kInvalidModel);
    EXPECT_EQ(model, nullptr);
    return status.message;
  };
  EXPECT_EQ(error("bert", [](ModelConfig* c) { c->num_layers = 0; }),
            "num_layers is 0, expected at least 1");
  EXPECT_EQ(error("gpt2", [](ModelConfig* c) { c->num_layers = Index(1) << 30; }),
            "num_layers is 1073741824, expected at most 1024");
  EXPECT_EQ(error("gpt2", [](ModelConfig* c) { c->vocabulary_size = -5; }),
            "vocabulary_size is -5, expected at least 1");
  EXPECT_EQ(error("bert", [](ModelConfig* c) { c->head_dim = 16; }),
            "num_heads * head_dim is 4 * 16, expected model_dim, 32");
  EXPECT_EQ(error("gpt2", [](ModelConfig* c) { c->num_kv_heads = 2; }),
            "num_kv_heads is 2, expected num_heads, 4");
  EXPECT_EQ(error("gpt2", [](ModelConfig* c) { c->num_kv_heads = 3; }),
            "num_kv_heads is 3, expected a divisor of num_heads, 4");
  EXPECT_EQ(error("bert", [](ModelConfig* c) { c->num_token_types = 0; }),
            "num_token_types is 0, expected at least 1");
  EXPECT_EQ(error("bert", [](ModelConfig* c) { c->norm_epsilon = -1; }),
            "norm_epsilon is not a number of at least 0");
  EXPECT_EQ(error("mistral", [](ModelConfig* c) { c->sliding_layers = {1}; }),
            "sliding_layers has 1 layers, expected 2");
  EXPECT_EQ(error("mistral", [](ModelConfig* c) { c->window = 0; }),
            "window is 0, expected at least 1");
  EXPECT_EQ(error("llama", [](ModelConfig* c) { c->attention_softcap = -1; }),
            "a softcap is not a number of at least 0");
  EXPECT_EQ(error("llama", [](ModelConfig* c) { c->rotary.frequencies.push_back(1.0); }),
            "rotary positions have 5 pairs, expected at most 4");
  EXPECT_EQ(error("llama", [](ModelConfig* c) { c->sliding_rotary.magnitude = NAN; }),
            "a number of the rotary positions is not finite");
  constexpr Index kHuge = std::numeric_limits<Index>::max() / 16;
  EXPECT_EQ(error("gpt2", [](ModelConfig* c) { c->vocabulary_size = kHuge; }),
            "vocabulary_size * model_dim is " + std::to_string(kHuge) +
                " * 32, more than memory can hold");
  EXPECT_NE(error("gpt2",
                  [](ModelConfig* c) {
                    c->model_dim = kHuge;
                    c->head_dim = kHuge / 4;
                  }),
            "");
}

// Of a table of positions, that is; without one, Llama 3's 131072 positions cost nothing.
TEST(ModelConfigSizes, APositionTableBeyondMemoryIsRefused) {
  constexpr Index kHuge = std::numeric_limits<Index>::max() / 8;
  const auto status = [](const char* folder, Index max_length) {
    ModelConfig config = golden_checkpoint(folder).config;
    config.max_length = max_length;
    std::unique_ptr<Model> model;
    return make_model(config, &model).code;
  };
  EXPECT_EQ(status("gpt2", kHuge), StatusCode::kOutOfMemory);
  EXPECT_EQ(status("llama", kHuge), StatusCode::kOk);
}

TEST(ModelConfigSizes, UnknownArchitecturesAreRefused) {
  ModelConfig config = golden_checkpoint("bert").config;
  config.architecture = "mamba";
  std::unique_ptr<Model> model;
  const Status status = make_model(config, &model);
  EXPECT_EQ(status.code, StatusCode::kUnsupportedModel);
  EXPECT_EQ(status.message,
            "the architecture is mamba, expected one of bart, bert, distilbert, electra, gpt2, "
            "gpt_neox, llama, m2m_100, marian, mbart, opt, pegasus, roberta, t5");
}

/// The tensor in F32.
Tensor widened(const Tensor& tensor) {
  if (tensor.dtype == "F32") return tensor;
  std::vector<float> values(tensor.bytes.size() / 2);
  to_float(tensor.dtype == "F16" ? DType::kF16 : DType::kBF16, tensor.bytes.data(),
           Index(values.size()), values.data());
  return tensor_of(tensor.shape, values);
}

/// The upper halves of an F32 tensor.
Tensor cut_to_bf16(const Tensor& tensor) {
  Tensor cut{"BF16", tensor.shape, ""};
  for (std::size_t i = 2; i < tensor.bytes.size(); i += 4) cut.bytes += tensor.bytes.substr(i, 2);
  return cut;
}

TEST(ModelFormats, SixteenBitsGiveTheNumbersOfThemWidened) {
  Checkpoint bfloat = golden_checkpoint("gpt2");
  for (auto& [name, tensor] : bfloat.tensors) tensor = cut_to_bf16(tensor);
  for (const Checkpoint& checkpoint :
       {golden_checkpoint("f16-bert"), read_checkpoint(fixtures() + "/../../web/models/heed-gpt"),
        bfloat}) {
    Checkpoint wide = checkpoint;
    for (auto& [name, tensor] : wide.tensors) tensor = widened(tensor);
    const auto model = make_filled(checkpoint), wide_model = make_filled(wide);
    for (const Ids& ids : {Ids{5}, Ids{2, 238, 217, 52, 3, 9, 9}}) {
      const ModelRun got = run(*model, ids), want = run(*wide_model, ids);
      EXPECT_EQ(got.hidden, want.hidden);
      EXPECT_EQ(got.weights, want.weights);
      EXPECT_EQ(logits_of(*model, got.final_hidden), logits_of(*wide_model, want.final_hidden));
    }
  }
}

TEST(ModelFormats, ATensorHasOne) {
  const Checkpoint checkpoint = golden_checkpoint("bert");
  const auto model = make_empty(checkpoint);
  const std::string name = "bert.encoder.layer.0.attention.self.query.weight";
  const Tensor& whole = checkpoint.tensors.at(name);
  const auto set = [&](const Tensor& tensor, DType dtype, Range rows) {
    const auto* from = tensor.bytes.data() + rows.begin * tensor.shape[1] * size_of(dtype);
    return model->set_weight({name, dtype, tensor.shape.data(), 2, rows, from});
  };
  EXPECT_TRUE(set(whole, DType::kF32, {0, 3}).ok());
  const Status status = set(cut_to_bf16(whole), DType::kBF16, {3, whole.shape[0]});
  EXPECT_EQ(status.code, StatusCode::kInvalidModel);
  EXPECT_EQ(status.message, name + " changes its format at row 3");
  EXPECT_TRUE(set(whole, DType::kF32, {3, whole.shape[0]}).ok());
}

TEST(ModelFormats, AnAliasMayHaveAnother) {
  Checkpoint checkpoint = golden_checkpoint("gpt2");
  const auto want = run(*make_filled(checkpoint), {5, 6, 7});
  // The alias first, in another format and with other numbers: the name wins.
  const auto model = make_empty(checkpoint);
  const Tensor& tokens = checkpoint.tensors.at("transformer.wte.weight");
  EXPECT_TRUE(set_weight(*model, "lm_head.weight", cut_to_bf16(tokens)).ok());
  checkpoint.tensors.erase("lm_head.weight");
  for (const auto& [name, tensor] : checkpoint.tensors) {
    EXPECT_TRUE(set_weight(*model, name, tensor).ok());
  }
  EXPECT_TRUE(model->finish().ok());
  EXPECT_EQ(run(*model, {5, 6, 7}).hidden, want.hidden);
}

TEST(ModelFormats, WidenExactlyFromAnyAddress) {
  const auto widen = [](DType dtype, std::vector<unsigned char> bytes) {
    bytes.insert(bytes.begin(), 0);  // an odd address
    std::vector<float> values((bytes.size() - 1) / std::size_t(size_of(dtype)));
    to_float(dtype, bytes.data() + 1, Index(values.size()), values.data());
    return values;
  };
  EXPECT_EQ(widen(DType::kF32, {0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0}),
            (std::vector<float>{1.0f, -2.0f}));
  EXPECT_EQ(widen(DType::kBF16, {0x80, 0x3f, 0x49, 0x40, 0x80, 0xff}),
            (std::vector<float>{1.0f, 3.140625f, -HUGE_VALF}));
  // 1, -2, the largest, 1/3 rounded, the smallest normal, the largest and smallest subnormal, -0,
  // inf
  const auto half =
      widen(DType::kF16, {0x00, 0x3c, 0x00, 0xc0, 0xff, 0x7b, 0x55, 0x35, 0x00, 0x04,
                          0xff, 0x03, 0x01, 0x00, 0x00, 0x80, 0x00, 0x7c, 0x01, 0x7e});
  EXPECT_EQ(std::vector<float>(half.begin(), half.end() - 1),
            (std::vector<float>{1.0f, -2.0f, 65504.0f, 0.333251953125f, 0x1p-14f, 1023 * 0x1p-24f,
                                0x1p-24f, -0.0f, HUGE_VALF}));
  EXPECT_TRUE(std::signbit(half[7]));
  EXPECT_TRUE(std::isnan(half.back()));
}

}  // namespace
}  // namespace heed::test
