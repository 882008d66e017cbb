#include "problem.h"

namespace heed::test {
namespace {

struct Window {
  Status status;
  Floats cells;
};

Window window_of(const Problem& p, const Floats& logsumexp, const WindowRequest& request) {
  Window window;
  window.cells.assign(static_cast<std::size_t>(std::max<Index>(0, request.height * request.width)),
                      kNan);
  AttentionInputs inputs = p.inputs();
  inputs.value = {};  // not read
  window.status = attention_window(p.shape, p.finished(), inputs, logsumexp.data(), request,
                                   window.cells.data());
  return window;
}

/// The same cells from the whole matrix.
Floats shrink(const Problem& p, const Floats& weights, const WindowRequest& r) {
  const Floats empty;
  const Index rows = r.row_end - r.row_begin, cols = r.col_end - r.col_begin;
  Floats cells;
  for (Index y = 0; y < r.height; ++y) {
    for (Index x = 0; x < r.width; ++x) {
      double sum = 0.0, most = 0.0;
      Index count = 0;
      for (Index i = y * rows / r.height; i < (y + 1) * rows / r.height; ++i) {
        for (Index j = x * cols / r.width; j < (x + 1) * cols / r.width; ++j, ++count) {
          const Index row =
              (r.batch * p.shape.num_heads + r.head) * p.shape.query_length + r.row_begin + i;
          const double weight =
              weights[static_cast<std::size_t>(row * p.shape.key_length + r.col_begin + j)];
          sum += weight;
          most = std::max(most, weight);
        }
      }
      cells.push_back(static_cast<float>(
          r.reduce == WindowRequest::Reduce::kMax ? most : sum / static_cast<double>(count)));
    }
  }
  return cells;
}

/// What windows of a call are computed from, and the matrix they are to show.
struct Whole {
  explicit Whole(const Problem& p)
      : logsumexp(run(p, Way::kTiled).logsumexp), weights(run(p, Way::kReference).weights) {}

  Floats logsumexp, weights;
};

void expect_window(const Problem& p, const Whole& whole, const WindowRequest& request,
                   const std::string& what) {
  const Window window = window_of(p, whole.logsumexp, request);
  ASSERT_TRUE(window.status.ok()) << window.status.message;
  expect_close(window.cells, shrink(p, whole.weights, request).data(), 1e-6, 1e-5, what);
}

Problem everything() {
  Random random(11);
  Problem p = random_problem({2, 4, 2, 150, 300, 17, 5}, random);
  p.options.is_causal = true;
  p.options.window_left = 170;
  p.options.softcap = 5.0f;
  p.query_offset = {149, -20};
  p.key_lengths = {290, 300};
  p.alibi_slopes = {0.01f, 0.02f, -0.01f, 0.0f};
  p.sinks = {0.1f, 0.2f, 0.3f, 0.4f};
  Floats mask = random.normals(150 * 300);
  for (std::size_t n = 0; n < mask.size(); n += 7) mask[n] = -kInf;
  p.mask_all({150, 300}, mask);
  return p;
}

TEST(AttentionWindow, AnyRectangleEqualsTheMatrix) {
  const Problem p = everything();
  const Whole whole(p);
  Random random(12);
  for (int n = 0; n < 60; ++n) {
    WindowRequest r;
    r.batch = random.integer(0, 1);
    r.head = random.integer(0, 3);
    r.row_begin = random.integer(0, 149);
    r.row_end = random.integer(r.row_begin + 1, 150);
    r.col_begin = random.integer(0, 299);
    r.col_end = random.integer(r.col_begin + 1, 300);
    r.height =
        random.chance(3) ? r.row_end - r.row_begin : random.integer(1, r.row_end - r.row_begin);
    r.width =
        random.chance(3) ? r.col_end - r.col_begin : random.integer(1, r.col_end - r.col_begin);
    r.reduce = random.chance(2) ? WindowRequest::Reduce::kMean : WindowRequest::Reduce::kMax;
    expect_window(p, whole, r, "window " + std::to_string(n));
  }
}

TEST(AttentionWindow, FullyMaskedRowsAreZero) {
  Problem p = random_problem(4, 6, 8, 2);
  p.options.is_causal = true;
  p.query_offset = {-3};
  expect_window(p, Whole(p), {0, 0, 0, 4, 0, 6, 4, 6, WindowRequest::Reduce::kMean}, "masked rows");
}

TEST(AttentionWindow, HugeScoresAreComputedAgain) {
  Problem p = random_problem(5, 7, 8, 2);
  for (float& x : p.query) x *= 1e4f;
  expect_window(p, Whole(p), {0, 0, 1, 4, 2, 7, 3, 5, WindowRequest::Reduce::kMean},
                "logits of 1e4");
  for (float& x : p.query) x *= 1e28f;
  for (float& x : p.key) x *= 1e10f;
  expect_window(p, Whole(p), {0, 0, 1, 4, 2, 7, 3, 5, WindowRequest::Reduce::kMax}, "beyond f32");
}

TEST(AttentionWindow, NanShowsWhereItIsVisibleOnly) {
  Problem p = random_problem(6, 6, 4, 2);
  p.options.is_causal = true;
  p.key[4 * 3] = kNan;  // key 3
  for (auto reduce : {WindowRequest::Reduce::kMean, WindowRequest::Reduce::kMax}) {
    const Window w = window_of(p, run(p, Way::kTiled).logsumexp, {0, 0, 0, 6, 0, 6, 6, 6, reduce});
    for (Index i = 0; i < 6; ++i) {
      for (Index j = 0; j < 6; ++j) {
        const float cell = w.cells[static_cast<std::size_t>(i * 6 + j)];
        EXPECT_EQ(std::isnan(cell), i >= 3 && j <= i) << i << ", " << j;
      }
    }
    // Two rows and two columns a cell: one NaN among them is enough.
    const Window half =
        window_of(p, run(p, Way::kTiled).logsumexp, {0, 0, 0, 6, 0, 6, 3, 3, reduce});
    const bool spoilt[] = {false, false, false, true, true, false, true, true, true};
    for (std::size_t n = 0; n < 9; ++n) EXPECT_EQ(std::isnan(half.cells[n]), spoilt[n]) << n;
  }
}

// With another call's logsumexp such rows are not computed again: their NaN comes out of the tiles.
TEST(AttentionWindow, NanOfTheMaskIsNotLostAmongRowsOfACell) {
  Problem p = random_problem(2, 6, 4, 2);
  const Floats logsumexp = run(p, Way::kTiled).logsumexp;
  Floats mask(2 * 6, 0.0f);
  mask[4] = kNan;      // the first row of the cell
  mask[6 + 2] = kNan;  // the last
  p.mask_all({2, 6}, mask);
  for (auto reduce : {WindowRequest::Reduce::kMean, WindowRequest::Reduce::kMax}) {
    const Window w = window_of(p, logsumexp, {0, 0, 0, 2, 0, 6, 1, 6, reduce});
    for (Index j = 0; j < 6; ++j) {
      EXPECT_EQ(std::isnan(w.cells[static_cast<std::size_t>(j)]), j == 2 || j == 4) << j;
    }
  }
}

TEST(AttentionWindow, EmptyRectanglesAreLegal) {
  const Problem p = random_problem(4, 6, 8, 2);
  const Floats logsumexp = run(p, Way::kTiled).logsumexp;
  EXPECT_TRUE(window_of(p, logsumexp, {0, 0, 2, 2, 0, 6, 0, 3, {}}).status.ok());
  EXPECT_TRUE(window_of(p, logsumexp, {0, 0, 0, 4, 6, 6, 2, 0, {}}).status.ok());
}

TEST(AttentionWindow, NamesWhatIsWrong) {
  const Problem p = random_problem(4, 6, 8, 2);
  const Floats logsumexp(4);
  const auto expect_named = [&](const char* name, const WindowRequest& request) {
    const Status status = window_of(p, logsumexp, request).status;
    EXPECT_EQ(status.code, StatusCode::kInvalidArgument) << name;
    EXPECT_EQ(status.message.find(name), 0u) << status.message;
  };
  expect_named("batch", {1, 0, 0, 4, 0, 6, 4, 6, {}});
  expect_named("head", {0, -1, 0, 4, 0, 6, 4, 6, {}});
  expect_named("rows", {0, 0, 0, 5, 0, 6, 4, 6, {}});
  expect_named("rows", {0, 0, 3, 2, 0, 6, 0, 6, {}});
  expect_named("cols", {0, 0, 0, 4, -1, 6, 4, 6, {}});
  expect_named("height", {0, 0, 0, 4, 0, 6, 0, 6, {}});
  expect_named("height", {0, 0, 0, 4, 0, 6, 5, 6, {}});
  expect_named("width", {0, 0, 0, 4, 0, 6, 4, 7, {}});
}

}  // namespace
}  // namespace heed::test
