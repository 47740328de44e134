//! The fields of a work item: those that a ticket has a place for, and all others as they are.
//!
//! Which fields there are differs from process to process, and one that is empty is not there.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;
use usher_adapter_sdk::{decode::Text, model::Time};

use super::Identity;

/// Declares the fields that are read, by their reference names.
macro_rules! fields {
    ($( $(#[$meta:meta])* $field:ident: $type:ty = $name:literal, )+) => {
        /// The fields: <https://learn.microsoft.com/azure/devops/boards/work-items/guidance/work-item-field>
        #[derive(Debug, Default)]
        pub(crate) struct Fields<'a> {
            $( $(#[$meta])* pub $field: Option<$type>, )+
            /// Every other field, by its reference name.
            pub others: Vec<(Text<'a>, &'a RawValue)>,
        }

        impl<'de: 'a, 'a> Deserialize<'de> for Fields<'a> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                /// By hand: `flatten` would copy every field before it is read.
                struct ByName;

                impl<'de> Visitor<'de> for ByName {
                    type Value = Fields<'de>;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str("the fields of a work item")
                    }

                    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                        let mut fields = Fields::default();
                        while let Some(name) = map.next_key::<Text<'de>>()? {
                            match &*name {
                                $( $name => fields.$field = map.next_value()?, )+
                                _ => {
                                    let value: &'de RawValue = map.next_value()?;
                                    fields.others.push((name, value));
                                }
                            }
                        }
                        Ok(fields)
                    }
                }

                deserializer.deserialize_map(ByName)
            }
        }
    };
}

fields! {
    title: Text<'a> = "System.Title",
    work_item_type: Text<'a> = "System.WorkItemType",
    team_project: Text<'a> = "System.TeamProject",
    state: Text<'a> = "System.State",
    reason: Text<'a> = "System.Reason",
    resolved_reason: Text<'a> = "Microsoft.VSTS.Common.ResolvedReason",
    area_path: Text<'a> = "System.AreaPath",
    area_id: u64 = "System.AreaId",
    iteration_path: Text<'a> = "System.IterationPath",
    iteration_id: u64 = "System.IterationId",
    board_column: Text<'a> = "System.BoardColumn",
    assigned_to: Identity<'a> = "System.AssignedTo",
    created_by: Identity<'a> = "System.CreatedBy",
    created_date: Time = "System.CreatedDate",
    changed_date: Time = "System.ChangedDate",
    closed_date: Time = "Microsoft.VSTS.Common.ClosedDate",
    /// 1 to 4, the first the most urgent.
    priority: &'a RawValue = "Microsoft.VSTS.Common.Priority",
    /// All of them in one: `Tag1; Tag2`.
    tags: Text<'a> = "System.Tags",
    description: Text<'a> = "System.Description",
    /// What a bug shows in place of the description.
    repro_steps: Text<'a> = "Microsoft.VSTS.TCM.ReproSteps",
    parent: u64 = "System.Parent",
    due_date: Time = "Microsoft.VSTS.Scheduling.DueDate",
    target_date: Time = "Microsoft.VSTS.Scheduling.TargetDate",
    story_points: f64 = "Microsoft.VSTS.Scheduling.StoryPoints",
    effort: f64 = "Microsoft.VSTS.Scheduling.Effort",
    size: f64 = "Microsoft.VSTS.Scheduling.Size",
    original_estimate: f64 = "Microsoft.VSTS.Scheduling.OriginalEstimate",
}
