#include "validation.h"

#include "problem.h"

namespace heed::test {
namespace {

/// The error of a call with this changed.
template <class Change>
Status status_with(Change change) {
  static const std::int32_t lengths[] = {3, 4};
  AttentionShape shape = {2, 4, 2, 3, 4, 8, 8};
  AttentionOptions options;
  options.key_lengths = lengths;
  change(shape, options);
  return validate(shape, options);
}

TEST(Validate, AcceptsAGoodCall) {
  EXPECT_TRUE(status_with([](AttentionShape&, AttentionOptions&) {}).ok());
}

TEST(Validate, NamesTheArgumentThatIsWrong) {
  static const std::int32_t too_long[] = {3, 5}, negative[] = {-1, 0};
  const auto expect_named = [](const char* name, auto change) {
    const Status status = status_with(change);
    EXPECT_EQ(status.code, StatusCode::kInvalidArgument) << name;
    EXPECT_EQ(status.message.find(name), 0u) << status.message;
  };
  using Shape = AttentionShape&;
  using Options = AttentionOptions&;
  expect_named("batch_size", [](Shape s, Options) { s.batch_size = -1; });
  expect_named("num_heads", [](Shape s, Options) { s.num_heads = 0; });
  expect_named("num_kv_heads", [](Shape s, Options) { s.num_kv_heads = 0; });
  expect_named("num_kv_heads", [](Shape s, Options) { s.num_kv_heads = 3; });
  expect_named("query_length", [](Shape s, Options) { s.query_length = -1; });
  expect_named("key_length", [](Shape s, Options) { s.key_length = -1; });
  expect_named("head_dim", [](Shape s, Options) { s.head_dim = -1; });
  expect_named("value_dim", [](Shape s, Options) { s.value_dim = -1; });
  expect_named("scale", [](Shape, Options o) { o.scale = kInf; });
  expect_named("scale", [](Shape, Options o) { o.scale = kNan; });
  expect_named("softcap", [](Shape, Options o) { o.softcap = -1.0f; });
  expect_named("softcap", [](Shape, Options o) { o.softcap = kNan; });
  expect_named("key_lengths[1]", [](Shape, Options o) { o.key_lengths = too_long; });
  expect_named("key_lengths[0]", [](Shape, Options o) { o.key_lengths = negative; });
}

TEST(Product, IsExactOrNone) {
  constexpr Index kMost = std::numeric_limits<Index>::max();
  EXPECT_EQ(product(Index{3}, Index{4}, Index{5}), 60);
  EXPECT_EQ(product(kMost, Index{1}), kMost);
  EXPECT_EQ(product(kMost / 2, Index{2}), kMost - 1);
  EXPECT_EQ(product(kMost / 2 + 1, Index{2}), -1);
  EXPECT_EQ(product(kMost, kMost), -1);
  EXPECT_EQ(product(kMost, kMost, Index{0}), 0);
  EXPECT_EQ(product(Index{0}, Index{-1}), -1);
  EXPECT_EQ(product(Index{-1}, Index{-1}), -1);
  Buffer<float> none;
  EXPECT_FALSE(none.allocate(product(kMost, kMost)));
}

TEST(Validate, RefusesTensorsThatCannotBeAddressed) {
  constexpr Index kMost = std::numeric_limits<Index>::max();
  const auto code = [](AttentionShape shape) { return validate(shape, {}).code; };
  const Index half = kMost / 8;  // values of a query of 2 heads of 4
  EXPECT_EQ(code({1, 2, 1, half, 1, 4, 4}), StatusCode::kOk);
  EXPECT_EQ(code({1, 2, 1, half + 1, 1, 4, 4}), StatusCode::kOutOfMemory);
  EXPECT_EQ(code({1, 2, 1, half + 1, 1, 1, 4}), StatusCode::kOutOfMemory);
  EXPECT_EQ(code({1, 2, 2, 1, half, 4, 4}), StatusCode::kOk);
  EXPECT_EQ(code({1, 2, 2, 1, half + 1, 4, 4}), StatusCode::kOutOfMemory);
  EXPECT_EQ(code({half, 2, 2, 2, 1, 4, 4}), StatusCode::kOutOfMemory);
  // Nor does a matrix have to fit that nobody asks for.
  EXPECT_EQ(code({1, 1, 1, half, half, 4, 4}), StatusCode::kOk);
}

TEST(Validate, AttentionReturnsWhatItFinds) {
  Problem p = random_problem(2, 3, 4, 5);
  p.options.scale = kNan;
  Floats output(10);
  AttentionOutputs outputs;
  outputs.output = HeadsView<float>::Bhld(output.data(), 1, 2, 5);
  EXPECT_EQ(attention(p.shape, p.options, p.inputs(), outputs).code, StatusCode::kInvalidArgument);
  EXPECT_EQ(reference_attention(p.shape, p.options, p.inputs(), outputs).code,
            StatusCode::kInvalidArgument);
}

class Broadcast : public testing::Test {
 protected:
  Status broadcast(std::vector<Index> dims) {
    return AttentionMask::Broadcast(AttentionMask::Kind::kBool, "", dims.data(), Index(dims.size()),
                                    shape, &mask);
  }
  std::vector<Index> strides() const {
    return {mask.batch_stride, mask.head_stride, mask.query_stride, mask.key_stride};
  }

  AttentionShape shape = {2, 4, 2, 3, 5, 8, 8};
  AttentionMask mask;
};

TEST_F(Broadcast, AlignsToTheRight) {
  ASSERT_TRUE(broadcast({5}).ok());
  EXPECT_EQ(strides(), (std::vector<Index>{0, 0, 0, 1}));
  ASSERT_TRUE(broadcast({3, 5}).ok());
  EXPECT_EQ(strides(), (std::vector<Index>{0, 0, 5, 1}));
  ASSERT_TRUE(broadcast({4, 1, 5}).ok());
  EXPECT_EQ(strides(), (std::vector<Index>{0, 5, 0, 1}));
  ASSERT_TRUE(broadcast({2, 1, 3, 5}).ok());
  EXPECT_EQ(strides(), (std::vector<Index>{15, 0, 5, 1}));
  EXPECT_EQ(mask.key_length, 5);
}

TEST_F(Broadcast, LastDimensionRepeatsOrHides) {
  ASSERT_TRUE(broadcast({3, 1}).ok());
  EXPECT_EQ(strides(), (std::vector<Index>{0, 0, 1, 0}));
  EXPECT_EQ(mask.key_length, 5);
  ASSERT_TRUE(broadcast({3, 4}).ok());
  EXPECT_EQ(strides(), (std::vector<Index>{0, 0, 4, 1}));
  EXPECT_EQ(mask.key_length, 4);
  ASSERT_TRUE(broadcast({3, 0}).ok());
  EXPECT_EQ(mask.key_length, 0);
}

TEST_F(Broadcast, RefusesWhatDoesNotFit) {
  EXPECT_EQ(broadcast({6}).code, StatusCode::kShapeMismatch);
  EXPECT_EQ(broadcast({2, 5}).code, StatusCode::kShapeMismatch);
  EXPECT_EQ(broadcast({2, 3, 5}).code, StatusCode::kShapeMismatch);
  EXPECT_EQ(broadcast({4, 4, 3, 5}).code, StatusCode::kShapeMismatch);
  EXPECT_EQ(broadcast({-1}).code, StatusCode::kShapeMismatch);
  EXPECT_EQ(broadcast({}).code, StatusCode::kInvalidArgument);
  EXPECT_EQ(broadcast({1, 1, 1, 1, 1}).code, StatusCode::kInvalidArgument);
}

TEST(DefaultScale, IsOneOverTheRoot) {
  EXPECT_EQ(default_scale(64), 0.125f);
  EXPECT_EQ(default_scale(1), 1.0f);
  EXPECT_EQ(default_scale(0), 1.0f);
}

}  // namespace
}  // namespace heed::test
