// SPDX-License-Identifier: Apache-2.0
#include "ocpp/transaction_queue.hpp"

#include <algorithm>
#include <utility>

namespace busbar::ocpp {

TransactionQueue::TransactionQueue(std::int64_t last_seq, Effects& effects) : last_seq_(last_seq) {
    behind_ = last_seq > 0;
    refill(effects);
}

void TransactionQueue::add(QueuedMessage message, Durability durability, SteadyTime now, Effects& effects) {
    message.seq = ++last_seq_;
    const bool window_takes_it = !behind_ && tail_.empty() && window_.size() < window_size;
    (window_takes_it ? window_ : tail_).push_back({std::move(message), now + save_within});
    if (durability == Durability::at_once || tail_.size() >= window_size) save_all(effects);
}

const QueuedMessage* TransactionQueue::head(SteadyTime now) const {
    if (window_.empty() || (retry_at_ && now < *retry_at_)) return nullptr;
    return &window_.front().message;
}

void TransactionQueue::pop(Effects& effects) {
    if (!window_.front().save_by) effects.emplace_back(EraseMessage{window_.front().message.seq});
    window_.pop_front();
    failures_ = 0;
    unanswered_ = 0;
    retry_at_.reset();
    refill(effects);
}

int TransactionQueue::head_failed(SteadyTime now, seconds retry_interval) {
    ++failures_;
    retry_at_ = now + retry_interval * failures_;
    return failures_;
}

int TransactionQueue::head_unanswered(SteadyTime now, seconds retry_interval) {
    retry_at_ = now + retry_interval;
    return ++unanswered_;
}

void TransactionQueue::save_all(Effects& effects) {
    for (auto* part : {&window_, &tail_}) {
        for (auto& entry : *part) {
            if (!entry.save_by) continue;
            effects.emplace_back(SaveMessage{entry.message});
            entry.save_by.reset();
        }
    }
    behind_ = behind_ || !tail_.empty();
    saved_meanwhile_ = saved_meanwhile_ || !tail_.empty();
    tail_.clear();
}

void TransactionQueue::refill(Effects& effects) {
    if (fetching_ || window_.size() > window_size / 4) return;
    if (behind_) {
        save_all(effects);
        const std::int64_t after = window_.empty() ? 0 : window_.back().message.seq;
        effects.emplace_back(FetchMessages{after, window_size - window_.size()});
        fetching_ = true;
        saved_meanwhile_ = false;
        return;
    }
    while (!tail_.empty() && window_.size() < window_size) {
        window_.push_back(std::move(tail_.front()));
        tail_.pop_front();
    }
}

void TransactionQueue::on_page(std::vector<QueuedMessage> page, std::size_t limit, Effects& effects) {
    fetching_ = false;
    behind_ = page.size() == limit || saved_meanwhile_;
    for (auto& message : page) {
        last_seq_ = std::max(last_seq_, message.seq);
        window_.push_back({std::move(message), std::nullopt});
    }
    refill(effects);
}

void TransactionQueue::on_tick(SteadyTime now, Effects& effects) {
    const auto due = save_deadline();
    if (due && *due <= now) save_all(effects);
}

std::optional<SteadyTime> TransactionQueue::save_deadline() const {
    std::optional<SteadyTime> first;
    for (const auto* part : {&window_, &tail_}) {
        for (const auto& entry : *part) {
            if (entry.save_by) first = first ? std::min(*first, *entry.save_by) : entry.save_by;
        }
    }
    return first;
}

}  // namespace busbar::ocpp
