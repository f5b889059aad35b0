"""Questions as other question banks exchange them, in QTI, Moodle XML, GIFT and Aiken, with what stands beside them."""
