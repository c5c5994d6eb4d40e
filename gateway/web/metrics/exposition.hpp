// SPDX-License-Identifier: Apache-2.0
// Metrics as text: the exposition format of Prometheus, and OpenMetrics for who asks for it. Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace busbar::gateway {

enum class MetricKind {
    gauge,
    counter,  ///< its name ends in _total
    info,     ///< its name ends in _info; each sample is 1
    summary,  ///< its samples have the label quantile
};

struct Metric {
    std::string_view name;  ///< [a-z_]+, with its unit
    MetricKind kind = MetricKind::gauge;
    std::string_view help{};
};

using MetricLabels = std::vector<std::pair<std::string_view, std::string>>;

enum class MetricsFormat { prometheus, open_metrics };

/// What a client takes, by its Accept field.
MetricsFormat metrics_format(std::string_view accept);
/// Of the answer.
std::string_view content_type(MetricsFormat format);

/// Writes families one after the other, each with the samples that follow it.
class Exposition {
  public:
    explicit Exposition(MetricsFormat format) : format_(format) {}

    void begin(const Metric& metric);
    /// REQUIRES: begin(); labels in UTF-8. A value that is no finite number is left out.
    void add(const MetricLabels& labels, double value);
    [[nodiscard]] std::string finish() &&;

  private:
    MetricsFormat format_;
    Metric metric_;
    bool headed_ = false;  ///< a family without samples is not mentioned
    std::string text_;
};

}  // namespace busbar::gateway
