// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/metrics/exposition.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <iterator>

namespace busbar::gateway {
namespace {

struct KindWords {
    std::string_view prometheus;
    std::string_view open_metrics;
    std::string_view suffix;  ///< of its samples, which OpenMetrics leaves out of the family's name
};
constexpr std::array<KindWords, 4> kinds{{
    {"gauge", "gauge", ""},
    {"counter", "counter", "_total"},
    {"gauge", "info", "_info"},
    {"summary", "summary", ""},
}};

/// Backslash, line end and quote are all that the formats escape.
std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '\\' || c == '"') out += '\\';
        out += c == '\n' ? std::string("\\n") : std::string(1, c);
    }
    return out;
}

}  // namespace

MetricsFormat metrics_format(std::string_view accept) {
    const bool open = accept.find("application/openmetrics-text") != std::string_view::npos;
    return open ? MetricsFormat::open_metrics : MetricsFormat::prometheus;
}

std::string_view content_type(MetricsFormat format) {
    return format == MetricsFormat::open_metrics
               ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
               : "text/plain; version=0.0.4; charset=utf-8";
}

void Exposition::begin(const Metric& metric) {
    metric_ = metric;
    headed_ = false;
}

void Exposition::add(const MetricLabels& labels, double value) {
    if (!std::isfinite(value)) return;
    if (!std::exchange(headed_, true)) {
        const auto& words = kinds.at(static_cast<std::size_t>(metric_.kind));
        const bool open = format_ == MetricsFormat::open_metrics;
        auto family = metric_.name;
        if (open) family.remove_suffix(words.suffix.size());
        fmt::format_to(std::back_inserter(text_), "# HELP {} {}\n# TYPE {} {}\n", family, metric_.help,
                       family, open ? words.open_metrics : words.prometheus);
    }
    text_ += metric_.name;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        fmt::format_to(std::back_inserter(text_), "{}{}=\"{}\"", i == 0 ? '{' : ',', labels[i].first,
                       escaped(labels[i].second));
    }
    fmt::format_to(std::back_inserter(text_), "{} {}\n", labels.empty() ? "" : "}", value);
}

std::string Exposition::finish() && {
    if (format_ == MetricsFormat::open_metrics) text_ += "# EOF\n";
    return std::move(text_);
}

}  // namespace busbar::gateway
