"""Pictures: originals with credit, licence and focal point; the sizes that readers get, made before they ask.

Originals are private to the newsroom. `publishing.publish_picture` puts the sizes of a picture of a published story
into the public folder under names made from their content, `publishing.withdraw_unused` takes them away again.
Owns `media_newsimage`, `media_newsrendition`, `media_pictureuse`. May import translations, outbox, events, config.
"""
